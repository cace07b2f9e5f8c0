/** This machine's Node, and the libraries that it and the bundle's native parts need. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '@matrixos/host/root'
import { NODE_IN_IMAGE } from './config.ts'
import { type Entry, program, textFile } from './rootfs.ts'

const run = promisify(execFile)

/** Loaded by name when a host name is looked up, so `ldd` does not list them; glibc ≥ 2.34 has both inside. */
const ALSO_NEEDED = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2']

/** `node`: the binary to take; `bundle`: what else is in the image, of which native modules count. */
export async function listNode(node: string, bundle: readonly Entry[]): Promise<Entry[]> {
  const addons = bundle.flatMap(({ source }) => (source?.endsWith('.node') ? [source] : []))
  // A module may come along for another architecture, which `ldd` cannot read and nobody loads.
  const others = addons.map((addon) => librariesOf(addon).catch(() => []))
  const libraries = [...new Set([...(await librariesOf(node)), ...(await Promise.all(others)).flat()])]
  await Promise.all(libraries.map((path) => stat(path)))
  return [
    textFile('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    program(NODE_IN_IMAGE, node),
    ...libraries.map((source) => program(source, source)),
  ]
}

async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary])
  const paths = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? '')
  const libc = paths.find((path) => /\/libc\.so/.test(path))
  const beside = libc
    ? ALSO_NEEDED.map((name) => join(dirname(libc), name)).filter((path) => existsSync(path))
    : []
  if (paths.length === 0)
    throw new UserError(`ldd names no libraries of ${binary}: only Linux builds of Node can be taken.`)
  return [...paths, ...beside]
}
