/** Builds `dist/`: the page, the one-file server and the template of a home. `node build.ts`, or imported. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const here = import.meta.dirname
export const DIST = join(here, 'dist')

/** Resolves to the folder of the result. */
export async function buildInstance({
  logLevel = 'warn',
}: {
  logLevel?: 'info' | 'warn'
} = {}): Promise<string> {
  await build({ configFile: join(here, 'vite.config.ts'), logLevel })
  await build({ configFile: join(here, 'vite.server.config.ts'), logLevel })
  await rm(join(DIST, 'template'), { recursive: true, force: true })
  await cp(join(here, 'template'), join(DIST, 'template'), { recursive: true })
  return DIST
}

if (import.meta.main) await buildInstance({ logLevel: 'info' })
