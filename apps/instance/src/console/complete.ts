/** Tab completion: command names for the first word, names of the home for the others. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from '../files/home.ts'
import { COMMANDS } from './commands/index.ts'

export interface Completion {
  /** The line with the last word completed as far as it is certain. */
  completed: string
  /** What it could become, when that is more than one. */
  options: string[]
}

export async function complete(line: string, at: { home: Home; cwd: string }): Promise<Completion> {
  const word = /(?:\\.|[^\s\\>])*$/u.exec(line)?.[0] ?? ''
  const before = line.slice(0, line.length - word.length)
  const typed = word.replace(/\\(.)/gu, '$1')
  const slash = typed.lastIndexOf('/') + 1
  const [folder, start] = [typed.slice(0, slash), typed.slice(slash)]
  const found = before.trim() === '' ? commands(typed) : await names(folder, start, at)
  if (found.length === 0) return { completed: line, options: [] }
  const common = found.reduce(commonStart)
  const ending = found.length === 1 && !common.endsWith('/') ? ' ' : ''
  const whole = before.trim() === '' ? common : folder + common
  return {
    completed: before + whole.replace(/[\s"'\\|;&<>]/gu, '\\$&') + ending,
    options: found.length === 1 ? [] : found,
  }
}

const commands = (typed: string) => [...COMMANDS.keys()].filter((name) => name.startsWith(typed))

async function names(
  folder: string,
  start: string,
  { home, cwd }: { home: Home; cwd: string },
): Promise<string[]> {
  try {
    const path = await home.existing(home.locate(cwd, folder || '.'))
    const entries = await readdir(path, { withFileTypes: true })
    return entries
      .filter(({ name }) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
      .filter(({ name }) => !home.hides(join(path, name)))
      .map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort()
      .slice(0, 100)
  } catch {
    return []
  }
}

function commonStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}
