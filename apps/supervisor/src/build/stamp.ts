/** Remembers which inputs an output was built from, so that nothing is built twice. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const IGNORED = /^(node_modules|dist|bundle|\..*)$|\.test\.tsx?$/

/** Files below each path (or the path itself), in a stable order; tests and outputs are left out. */
function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => !IGNORED.test(name))
  return names.sort().flatMap((name) => filesOf(join(path, name)))
}

/** Hash of names and contents of all inputs, which are files and folders below `root`. */
export function hashInputs(root: string, inputs: string[]): string {
  const hash = createHash('sha256')
  const files = inputs.flatMap((input) => filesOf(join(root, input)))
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex')
}

/** The memory of one build: `file` holds the hash of the inputs that `outputs` were made from. */
export function createStamp(file: string, outputs: string[]) {
  return {
    matches: (hash: string) =>
      outputs.every(existsSync) && existsSync(file) && readFileSync(file, 'utf8') === hash,
    write: (hash: string) => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, hash)
    },
    /** Before a build: a half-way end must not look like a whole one. */
    clear: () => rmSync(file, { force: true }),
  }
}
