/** The parts that real tests need, and what it means when one is missing. */
import {
  caddyBinary,
  chromiumPath,
  dockerAvailable,
  dockerHasImage,
  dockerHasRuntime,
  postgresUrl,
} from '@matrixos/host/parts'
import { synapseBinary } from '@matrixos/host/synapse/binary'
import { FULL_IMAGE_BASE } from '@matrixos/shared'

interface Part {
  title: string
  isThere: (env: NodeJS.ProcessEnv) => Promise<boolean>
  /** The command that brings it, where that is not the one for all. */
  get?: string
}

const PARTS = {
  docker: { title: 'Docker', isThere: dockerAvailable },
  caddy: { title: 'Caddy', isThere: async (env: NodeJS.ProcessEnv) => (await caddyBinary(env)) !== null },
  postgres: {
    title: 'PostgreSQL',
    isThere: async (env: NodeJS.ProcessEnv) => (await postgresUrl(env)) !== null,
  },
  runsc: {
    title: 'gVisor',
    isThere: (env: NodeJS.ProcessEnv) => dockerHasRuntime('runsc', env),
  },
  synapse: { title: 'Synapse', isThere: async (env: NodeJS.ProcessEnv) => synapseBinary(env) !== null },
  debian: {
    title: 'Debian for the full image',
    isThere: (env: NodeJS.ProcessEnv) => dockerHasImage(FULL_IMAGE_BASE, env),
    get: 'npm run setup:real -- --full-image',
  },
  chromium: { title: 'Chromium', isThere: async (env: NodeJS.ProcessEnv) => chromiumPath(env) !== null },
} satisfies Record<string, Part>

export type PartName = keyof typeof PARTS
const NAMES = Object.keys(PARTS) as PartName[]

export async function missingParts(env: NodeJS.ProcessEnv): Promise<Set<PartName>> {
  const found = await Promise.all(NAMES.map((name) => PARTS[name].isThere(env)))
  return new Set(NAMES.filter((_, at) => !found[at]))
}

export function skipLine(part: PartName): string {
  const { title, get = 'npm run setup:real' }: Part = PARTS[part]
  return `${title} is missing: tests that need it cannot run. Get it with: ${get}`
}

/** With `npm test -- --only-parts`: what needs none was tested before, on a machine without. */
export const onlyWithParts = (env: NodeJS.ProcessEnv): boolean => env.MATRIXOS_ONLY_PARTS === '1'

/** In CI, and with `npm test -- --all`, a missing part is a failure. */
export const partsMustBeThere = (env: NodeJS.ProcessEnv): boolean =>
  env.CI === 'true' || env.CI === '1' || env.MATRIXOS_ALL_PARTS === '1'
