/** Lists what stands in an image besides its system: the bundle, a user, and settings of shells and tools. */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import { APP_IN_IMAGE, OWNER, SETTINGS_FILES } from './config.ts'

export interface Entry {
  /** Absolute path in the image. */
  path: string
  mode: number
  owner: number
  /** A file's text, the file to copy, or where a link points to; a folder has none of them. */
  text?: string
  source?: string
  link?: string
}

export const textFile = (path: string, text: string): Entry => ({ path, mode: 0o644, owner: 0, text })
export const program = (path: string, source: string): Entry => ({ path, mode: 0o755, owner: 0, source })
export const link = (path: string, to: string): Entry => ({ path, mode: 0o777, owner: 0, link: to })

/** `app`: the folder of `apps/instance`, already built; `user`: who instances run as. */
export async function listApp(app: string, user: { uid: number; gid: number }): Promise<Entry[]> {
  const settings = await Promise.all(listSettings(app, SETTINGS_FILES).map((entry) => naming(user, entry)))
  return [...(await listBundle(app)), ...settings]
}

/** An api without root runs instances as its own user: programs that ask who they are find a name for that one too. */
async function naming({ uid, gid }: { uid: number; gid: number }, entry: Entry): Promise<Entry> {
  const { path, source = '' } = entry
  if (path !== '/etc/passwd' && path !== '/etc/group') return entry
  const [from, to] =
    path === '/etc/passwd' ? [`:${OWNER}:${OWNER}:`, `:${uid}:${gid}:`] : [`:${OWNER}:`, `:${gid}:`]
  return textFile(path, (await readFile(source, 'utf8')).replace(from, to))
}

/** Files below `image/etc`, by their name there and their place in the image. */
export const listSettings = (app: string, files: Record<string, string>): Entry[] =>
  Object.entries(files).map(([name, path]) => ({
    path,
    mode: 0o644,
    owner: 0,
    source: join(app, 'image/etc', name),
  }))

async function listBundle(app: string): Promise<Entry[]> {
  const dist = join(app, 'dist')
  const found = await readdir(dist, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({ path: APP_IN_IMAGE + source.slice(dist.length), mode: 0o644, owner: 0, source }))
}

/** All of them in the order of an archive: each folder before what is in it. */
export function inOrder(files: readonly Entry[]): Entry[] {
  const folders = new Set(files.flatMap(({ path }) => parents(path)))
  return [
    { path: '/tmp', mode: 0o1777, owner: 0 },
    ...parents(HOME_IN_CONTAINER).map((path) => ({ path, mode: 0o755, owner: path === '/home' ? 0 : OWNER })),
    { path: HOME_IN_CONTAINER, mode: 0o700, owner: OWNER },
    ...[...folders].sort().map((path) => ({ path, mode: 0o755, owner: 0 })),
    ...[...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  ]
}

const parents = (path: string): string[] => {
  const above = dirname(path)
  return above === '/' ? [] : [...parents(above), above]
}
