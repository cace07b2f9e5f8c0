/** Remembers from which inputs an output was built, so that nothing is built twice. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Inside the output, so that it goes when the output goes. */
const STAMP_NAME = '.built-from'
const IGNORED = /^(node_modules|dist|\..*)$|\.test\.tsx?$/

/** Files below each path (or the path itself), in a stable order; tests and outputs are left out. */
function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => !IGNORED.test(name))
  return names.sort().flatMap((name) => filesOf(join(path, name)))
}

/** Hash of names and contents of all inputs. */
export function hashInputs(inputs: string[]): string {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap(filesOf)) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

export function isBuiltFrom(outputDir: string, hash: string): boolean {
  const stamp = join(outputDir, STAMP_NAME)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
}

export const markBuiltFrom = (outputDir: string, hash: string): void =>
  writeFileSync(join(outputDir, STAMP_NAME), hash)

/** Before a build: a half-way end must not look like a whole one. */
export const unmark = (outputDir: string): void => rmSync(join(outputDir, STAMP_NAME), { force: true })
