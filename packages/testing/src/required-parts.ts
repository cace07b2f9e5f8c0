/** The parts that real tests need, and what it means when one is missing. */
import { caddyBinary, chromiumPath, dockerAvailable, postgresUrl } from '@matrixos/host/parts'

const PARTS = {
  docker: { title: 'Docker', isThere: dockerAvailable },
  caddy: { title: 'Caddy', isThere: async (env: NodeJS.ProcessEnv) => (await caddyBinary(env)) !== null },
  postgres: {
    title: 'PostgreSQL',
    isThere: async (env: NodeJS.ProcessEnv) => (await postgresUrl(env)) !== null,
  },
  chromium: { title: 'Chromium', isThere: async (env: NodeJS.ProcessEnv) => chromiumPath(env) !== null },
}

export type PartName = keyof typeof PARTS
const NAMES = Object.keys(PARTS) as PartName[]

export async function missingParts(env: NodeJS.ProcessEnv): Promise<Set<PartName>> {
  const found = await Promise.all(NAMES.map((name) => PARTS[name].isThere(env)))
  return new Set(NAMES.filter((_, at) => !found[at]))
}

export const skipLine = (part: PartName): string =>
  `${PARTS[part].title} is missing: tests that need it cannot run. Get it with: npm run setup:real`

/** In CI, and with `npm test -- --all`, a missing part is a failure. */
export const partsMustBeThere = (env: NodeJS.ProcessEnv): boolean =>
  env.CI === 'true' || env.CI === '1' || env.MATRIXOS_ALL_PARTS === '1'
