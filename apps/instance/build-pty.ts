/** Puts the pseudoterminal's packages beside the built server, which is all that an image takes along. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PACKAGE = '@lydell/node-pty'
/** Those for Windows and others' parts are left out. */
const TAKEN =
  /^(package\.json|LICENSE|(index|interfaces|types|terminal|unixTerminal|utils|eventEmitter2|requireBinary)\.js)$/
/** Not linked by Node itself: an image that is made of Node's own libraries would lack it. */
const ALSO_NEEDED = /=> (\/\S*\/libutil\.so\.1) /

/** `dist`: folder of the result. Every Linux binary that is installed goes along. */
export async function copyPty(dist: string): Promise<void> {
  const source = dirname(createRequire(import.meta.url).resolve(PACKAGE))
  const target = join(dist, 'node_modules', PACKAGE)
  await rm(join(dist, 'node_modules'), { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const names = (await readdir(source)).filter((name) => TAKEN.test(name))
  await Promise.all(names.map((name) => cp(join(source, name), join(target, name))))

  const installed = await readdir(dirname(source))
  const binaries = installed.filter((name) => name.startsWith(`${basename(PACKAGE)}-linux-`))
  for (const name of binaries) {
    await cp(join(dirname(source), name), join(dirname(target), name), { recursive: true })
  }
  const own = `${basename(PACKAGE)}-linux-${process.arch}`
  if (binaries.includes(own)) await copyLibrary(join(dirname(source), own, 'pty.node'), dist)
}

async function copyLibrary(binary: string, dist: string): Promise<void> {
  const { stdout } = await run('ldd', [binary]).catch(() => ({ stdout: '' }))
  const [, library] = ALSO_NEEDED.exec(stdout) ?? []
  if (!library) return
  await mkdir(join(dist, 'lib'), { recursive: true })
  await cp(library, join(dist, 'lib', basename(library)), { dereference: true })
}
