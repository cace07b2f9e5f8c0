/** Lists what stands in the image: this machine's Node, the libraries that it needs, the bundle, and a user. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import { APP_IN_IMAGE, NODE_IN_IMAGE, OWNER } from './config.ts'

export interface Entry {
  /** Absolute path in the image. */
  path: string
  mode: number
  owner: number
  /** A file's text, or the file to copy; a folder has neither. */
  text?: string
  source?: string
}

const run = promisify(execFile)

/** Loaded by name when a host name is looked up, so `ldd` does not list them; glibc ≥ 2.34 has both inside. */
const ALSO_NEEDED = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2']

/** `node`: the binary to take; `app`: the folder of `apps/instance`, already built. */
export async function listRootfs({ node, app }: { node: string; app: string }): Promise<Entry[]> {
  const etc = async (name: string) => file(`/etc/${name}`, await readFile(join(app, 'image', name), 'utf8'))
  const libraries = await librariesOf(node)
  const bundle = await readdir(join(app, 'dist'), { recursive: true, withFileTypes: true })
  const files: Entry[] = [
    await etc('passwd'),
    await etc('group'),
    file('/etc/nsswitch.conf', 'hosts: files dns\n'),
    { path: NODE_IN_IMAGE, mode: 0o755, owner: 0, source: node },
    ...libraries.map((source) => ({ path: source, mode: 0o755, owner: 0, source })),
    ...bundle
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((source) => ({
        path: APP_IN_IMAGE + source.slice(join(app, 'dist').length),
        mode: 0o644,
        owner: 0,
        source,
      })),
  ]
  const folders = new Set(files.flatMap(({ path }) => parents(path)))
  return [
    { path: '/tmp', mode: 0o1777, owner: 0 },
    ...parents(HOME_IN_CONTAINER).map((path) => ({ path, mode: 0o755, owner: path === '/home' ? 0 : OWNER })),
    { path: HOME_IN_CONTAINER, mode: 0o700, owner: OWNER },
    ...[...folders].sort().map((path) => ({ path, mode: 0o755, owner: 0 })),
    ...files.sort((a, b) => (a.path < b.path ? -1 : 1)),
  ]
}

const file = (path: string, text: string): Entry => ({ path, mode: 0o644, owner: 0, text })

const parents = (path: string): string[] => {
  const above = dirname(path)
  return above === '/' ? [] : [...parents(above), above]
}

async function librariesOf(node: string): Promise<string[]> {
  const { stdout } = await run('ldd', [node])
  const paths = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? '')
  const libc = paths.find((path) => /\/libc\.so/.test(path))
  const beside = libc
    ? ALSO_NEEDED.map((name) => join(dirname(libc), name)).filter((path) => existsSync(path))
    : []
  const all = [...new Set([...paths, ...beside])]
  if (all.length === 0)
    throw new Error(`ldd names no libraries of ${node}: only Linux builds of Node can be taken.`)
  await Promise.all(all.map((path) => stat(path)))
  return all
}
