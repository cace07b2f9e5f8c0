/**
 * Builds the reference instance's images without any registry. `slim`: nothing but this machine's Node binary, the
 * libraries that it needs, a static shell and the bundle. `full`: Debian, and the bundle. An image that is up to date is
 * left as it is.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { UserError } from '@matrixos/host/root'
import { DIST } from '@matrixos/instance/build'
import { FULL_IMAGE_BASE, type ImageKind, INSTANCE_IMAGES } from '@matrixos/shared'
import { buildInstancePages } from '../build/platform.ts'
import { instructions, OWNER, TOOL_SETTINGS_FILES } from './config.ts'
import { ensureDebian } from './debian.ts'
import { createEngine, type DockerOptions, type Engine } from './engine.ts'
import { listNode } from './node.ts'
import { type Entry, inOrder, listApp, listSettings } from './rootfs.ts'
import { listStaticShell } from './static-shell.ts'
import { tar } from './tar.ts'

export interface BuildImageOptions {
  /** Default: `slim`. */
  kind?: ImageKind
  /** Where the engine is; by default what DOCKER_HOST says, else its socket. */
  docker?: DockerOptions
  tag?: string
  log?: (line: string) => void
  now?: Date
  /** Debian's packages are fetched anew. */
  isFresh?: boolean
  /** `false` leaves the slim image without a shell. */
  withShell?: boolean
}

interface Contents {
  entries: Entry[]
  hasShell: boolean
  /** What is below the entries: an image that is at the engine. */
  base: { tag: string; content: string } | null
}

const APP = join(DIST, '..')

/** As the docker driver chooses it: a root api runs instances as their own user, any other as itself. */
function user(): { uid: number; gid: number } {
  const uid = process.getuid?.() ?? 0
  return uid === 0 ? { uid: OWNER, gid: OWNER } : { uid, gid: process.getgid?.() ?? uid }
}

/** Resolves to the tag and whether anything had to be built. Errors name the way out. */
export async function buildInstanceImage(
  options: BuildImageOptions = {},
): Promise<{ tag: string; built: boolean }> {
  const { kind = 'slim', docker, log = () => undefined } = options
  const tag = options.tag ?? INSTANCE_IMAGES[kind]
  if (process.platform !== 'linux') {
    throw new UserError(
      'Only on Linux can the image be made of the machine’s own Node. Elsewhere use apps/instance/Dockerfile.',
    )
  }
  const engine = createEngine(docker)
  const architecture = await engine.architecture()
  if (architecture !== process.arch) {
    throw new UserError(
      `The engine runs ${architecture}, this Node ${process.arch}. Use apps/instance/Dockerfile there.`,
    )
  }
  await buildInstancePages((_level, line) => log(line))
  const contents = await (kind === 'full' ? fullContents(engine, options) : slimContents(options))
  const content = await contentHash(contents)
  const before = await engine.find(tag)
  if (before?.content === content) {
    log(`${tag} is up to date`)
    return { tag, built: false }
  }
  log(`Building ${tag} from Node ${process.version} …`)
  const { entries, hasShell, base } = contents
  const image = { tag, archive: tar(entries), changes: instructions({ hasShell, content }) }
  await (base ? engine.extendImage({ ...image, base: base.tag }) : engine.importImage(image))
  if (before) await engine.removeUnused(before.id)
  log(`${tag} is built`)
  return { tag, built: true }
}

async function slimContents({
  now = new Date(),
  log = () => undefined,
  isFresh = false,
  withShell = true,
}: BuildImageOptions): Promise<Contents> {
  const app = await listApp(APP, user())
  const shell = withShell ? await listStaticShell({ now, log, isFresh }) : null
  const entries = inOrder([...(await listNode(process.execPath, app)), ...app, ...(shell ?? [])])
  return { entries, hasShell: shell !== null, base: null }
}

async function fullContents(
  engine: Engine,
  { now = new Date(), log = () => undefined, isFresh = false }: BuildImageOptions,
): Promise<Contents> {
  log('The full image is made of Debian’s packages: about two minutes the first time')
  const content = await ensureDebian({ engine, node: process.execPath, now, log, isFresh })
  const entries = inOrder([...(await listApp(APP, user())), ...listSettings(APP, TOOL_SETTINGS_FILES)])
  return { entries, hasShell: true, base: { tag: FULL_IMAGE_BASE, content } }
}

async function contentHash({ entries, hasShell, base }: Contents): Promise<string> {
  const hash = createHash('sha256').update(
    instructions({ hasShell, content: base?.content ?? '' }).join('\n'),
  )
  for await (const piece of tar(entries)) hash.update(piece)
  return hash.digest('hex').slice(0, 32)
}
