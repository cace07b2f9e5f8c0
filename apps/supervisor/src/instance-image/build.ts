/**
 * Builds the reference instance's image without any registry: FROM nothing but this machine's Node binary, the
 * libraries that it needs and the bundle. An image that is up to date is left as it is.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { buildInstance, DIST } from '@matrixos/instance/build'
import { DEFAULT_TAG, instructions } from './config.ts'
import { createEngine, type DockerOptions } from './engine.ts'
import { type Entry, listRootfs } from './rootfs.ts'
import { tar } from './tar.ts'

export interface BuildImageOptions {
  /** Where the engine is; by default what DOCKER_HOST says, else its socket. */
  docker?: DockerOptions
  tag?: string
  log?: (line: string) => void
}

/** Resolves to the tag and whether anything had to be built. Errors name the way out. */
export async function buildInstanceImage(
  options: BuildImageOptions = {},
): Promise<{ tag: string; built: boolean }> {
  const { docker, tag = DEFAULT_TAG, log = () => undefined } = options
  if (process.platform !== 'linux') {
    throw new Error(
      'Only on Linux can the image be made of the machine’s own Node. Elsewhere use apps/instance/Dockerfile.',
    )
  }
  const engine = createEngine(docker)
  const architecture = await engine.architecture()
  if (architecture !== process.arch) {
    throw new Error(
      `The engine runs ${architecture}, this Node ${process.arch}. Use apps/instance/Dockerfile there.`,
    )
  }
  await buildInstance()
  const entries = await listRootfs({ node: process.execPath, app: join(DIST, '..') })
  const content = await contentHash(entries)
  if ((await engine.contentOf(tag)) === content) {
    log(`${tag} is up to date`)
    return { tag, built: false }
  }
  log(`Building ${tag} from Node ${process.version} …`)
  await engine.importImage({ tag, archive: tar(entries), changes: instructions(content) })
  log(`${tag} is built`)
  return { tag, built: true }
}

async function contentHash(entries: readonly Entry[]): Promise<string> {
  const hash = createHash('sha256').update(instructions('').join('\n'))
  for await (const piece of tar(entries)) hash.update(piece)
  return hash.digest('hex').slice(0, 32)
}
