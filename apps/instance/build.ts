/** Builds `dist/`: the page, the server and the template of a home. `node build.ts`, or imported. */
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { env } from 'node:process'
import { writeCompressedCopies } from '@matrixos/host/pages/compressed-copies'
import { build } from 'vite'
import { copyPty } from './build-pty.ts'
import { FIRST_LOAD_BYTES, firstLoadBytes } from './first-load.ts'

const here = import.meta.dirname
export const DIST = join(here, 'dist')

/** Resolves to the folder of the result. */
export async function buildInstance({
  logLevel = 'warn',
}: {
  logLevel?: 'info' | 'warn'
} = {}): Promise<string> {
  await asProduction(() => build({ configFile: join(here, 'vite.config.ts'), logLevel }))
  await stampWorker(join(DIST, 'web'))
  await writeCompressedCopies(join(DIST, 'web'))
  const bytes = await firstLoadBytes(join(DIST, 'web'))
  if (bytes > FIRST_LOAD_BYTES) {
    throw new Error(`The page loads ${bytes} bytes at first, of ${FIRST_LOAD_BYTES} that it may.`)
  }
  const server = await build({ configFile: join(here, 'vite.server.config.ts'), logLevel })
  await removeOldParts(
    DIST,
    [server].flat().flatMap((one) => ('output' in one ? one.output : [])),
  )
  await build({ configFile: join(here, 'vite.terminal.config.ts'), logLevel })
  await build({ configFile: join(here, 'vite.chat.config.ts'), logLevel })
  await build({ configFile: join(here, 'vite.channels.config.ts'), logLevel })
  await build({ configFile: join(here, 'vite.conversations.config.ts'), logLevel })
  await copyCryptography(DIST)
  await copyPty(DIST)
  await rm(join(DIST, 'template'), { recursive: true, force: true })
  await cp(join(here, 'template'), join(DIST, 'template'), { recursive: true })
  await build({ configFile: join(here, 'vite.app-sdk.config.ts'), logLevel })
  return DIST
}

/** Where the bundle of the Matrix client looks for it: beside itself. */
async function copyCryptography(dist: string): Promise<void> {
  const name = 'pkg/matrix_sdk_crypto_wasm_bg.wasm'
  const source = createRequire(createRequire(import.meta.url).resolve('matrix-js-sdk/package.json')).resolve(
    '@matrix-org/matrix-sdk-crypto-wasm',
  )
  await mkdir(join(dist, 'pkg'), { recursive: true })
  await cp(join(dirname(source), name), join(dist, name))
}

/** Not before the new ones are there: a server may be running. */
async function removeOldParts(dist: string, written: readonly { fileName: string }[]): Promise<void> {
  const isNew = new Set(written.map(({ fileName }) => fileName))
  const parts = (await readdir(dist)).filter((name) => /^server-.*\.mjs$/.test(name))
  await Promise.all(parts.filter((name) => !isNew.has(name)).map((name) => rm(join(dist, name))))
}

/** Whatever the caller's own setting is: with a test's, React's development version would come along. */
async function asProduction(work: () => Promise<unknown>): Promise<void> {
  const before = env.NODE_ENV
  env.NODE_ENV = 'production'
  try {
    await work()
  } finally {
    if (before === undefined) delete env.NODE_ENV
    else env.NODE_ENV = before
  }
}

/** A browser looks for a new offline page when the service worker's own bytes change: they name those of its files. */
async function stampWorker(web: string): Promise<void> {
  const files = ['offline.html', 'message.css', 'offline.js']
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(join(web, file)))
  const worker = join(web, 'sw.js')
  const script = await readFile(worker, 'utf8')
  await writeFile(worker, script.replace('__OFFLINE_VERSION__', hash.digest('hex').slice(0, 12)))
}

if (import.meta.main) await buildInstance({ logLevel: 'info' })
