/** A test image without a registry: this Node binary, its libraries and the fake instance, imported as one layer. */
import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type Docker from 'dockerode'

const run = promisify(execFile)
const FAKE_INSTANCE = fileURLToPath(new URL('./fake-instance.ts', import.meta.url))

async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary])
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? [])
}

async function fillRoot(root: string): Promise<void> {
  for (const folder of ['app', 'bin', 'tmp', 'home/matrixos/home']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  await cp(process.execPath, join(root, 'bin/node'))
  for (const library of await librariesOf(process.execPath)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await cp(library, join(root, library), { dereference: true })
  }
  await cp(FAKE_INSTANCE, join(root, 'app/main.ts'))
  await writeFile(join(root, 'app/package.json'), '{"type":"module"}')
}

export interface TestImages {
  /** With the labels of a hardened image that trusts the edge and has one port. */
  hardened: string
  /** Without labels, as the public image. */
  plain: string
}

/** Imports both; `tag` is their common prefix. */
export async function importTestImages(docker: Docker, tag: string): Promise<TestImages> {
  const root = await mkdtemp(join(tmpdir(), 'mosr-root-'))
  const labels = 'LABEL os.matrix.hardened=1 os.matrix.trust=edge os.matrix.ports.gateway=4000'
  const variants = { hardened: [labels], plain: [] as string[] }
  try {
    await fillRoot(root)
    for (const [name, extra] of Object.entries(variants)) {
      const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const changes = ['ENTRYPOINT ["/bin/node","/app/main.ts"]', ...extra]
      const stream = await docker.importImage(tar.stdout, {
        repo: 'mosr-test',
        tag: `${tag}-${name}`,
        changes,
      })
      await new Promise((resolve, reject) =>
        docker.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output))),
      )
    }
  } finally {
    await rm(root, { recursive: true })
  }
  return { hardened: `mosr-test:${tag}-hardened`, plain: `mosr-test:${tag}-plain` }
}
