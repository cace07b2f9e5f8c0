/** Commands that look: pwd, cd, ls, tree, cat. */
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Home, show } from '../../files/home.ts'
import { PlainError } from '../../files/plain-words.ts'
import { type Command, need, type Surroundings } from '../command.ts'
import { columns, minute, size } from '../format.ts'

const ENTRIES_SHOWN = 1_000
const BYTES_SHOWN = 200_000

export const pwd: Command = {
  usage: 'pwd',
  about: 'show which folder you are in',
  run: (_args, _flags, at) => ({ text: show(at.cwd) }),
}

export const cd: Command = {
  usage: 'cd [FOLDER]',
  about: 'go to a folder, or home',
  async run([folder = '~'], _flags, { home, cwd }) {
    const located = home.locate(cwd, folder)
    if (!(await stat(await home.existing(located))).isDirectory())
      throw new PlainError(`${folder}: that is not a folder`)
    return { cwd: located }
  },
}

export const ls: Command = {
  usage: 'ls [-l] [-a] [FOLDER]',
  about: 'list a folder; -l with sizes, -a with hidden files',
  flags: 'la',
  async run([folder = '.'], flags, { home, cwd }) {
    const path = await home.existing(home.locate(cwd, folder))
    if (!(await stat(path)).isDirectory()) return { text: folder }
    const names = await listing(home, path, flags.has('a'))
    if (!flags.has('l')) return { text: names.map((entry) => entry.label).join('\n') }
    const rows = await Promise.all(
      names.map(async ({ name, label }) => {
        const found = await stat(join(path, name)).catch(() => null)
        return found
          ? [found.isDirectory() ? '–' : size(found.size), minute(found.mtime), label]
          : ['?', '?', label]
      }),
    )
    return { text: columns(rows, [0]) }
  },
}

export const tree: Command = {
  usage: 'tree [FOLDER]',
  about: 'show a folder as a tree',
  async run([folder = '.'], _flags, { home, cwd }) {
    const located = home.locate(cwd, folder)
    const lines = [show(located)]
    await draw(home, await home.existing(located), '', lines)
    if (lines.length > ENTRIES_SHOWN) lines.splice(ENTRIES_SHOWN, Infinity, '… and more')
    return { text: lines.join('\n') }
  },
}

export const cat: Command = {
  usage: 'cat FILE…',
  about: 'show what is in a file',
  async run(args, _flags, at) {
    const texts = await Promise.all(need(args, 1, cat).map((name) => readShown(name, at)))
    return { text: texts.join('\n').replace(/\n$/, '') }
  },
}

/** Links are not entered: they may lead in a circle. */
async function draw(home: Home, path: string, indent: string, lines: string[]): Promise<void> {
  const entries = await listing(home, path, false)
  for (const [index, entry] of entries.entries()) {
    if (lines.length > ENTRIES_SHOWN) return
    const last = index === entries.length - 1
    lines.push(`${indent}${last ? '└── ' : '├── '}${entry.label}`)
    if (entry.isFolder) await draw(home, join(path, entry.name), `${indent}${last ? '    ' : '│   '}`, lines)
  }
}

async function listing(home: Home, path: string, hidden: boolean) {
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter(({ name }) => (hidden || !name.startsWith('.')) && !home.hides(join(path, name)))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((entry) => ({
      name: entry.name,
      isFolder: entry.isDirectory(),
      label: `${entry.name}${entry.isDirectory() ? '/' : entry.isSymbolicLink() ? '@' : ''}`,
    }))
}

async function readShown(name: string, { home, cwd }: Surroundings): Promise<string> {
  const file = await open(await home.existing(home.locate(cwd, name)))
  try {
    const found = await file.stat()
    if (!found.isFile())
      throw new PlainError(`${name}: that is ${found.isDirectory() ? 'a folder; try ls' : 'not a file'}`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(found.size, BYTES_SHOWN)), 0)
    const shown = buffer.subarray(0, bytesRead)
    if (shown.includes(0)) throw new PlainError(`${name}: this is not text (${size(found.size)})`)
    return shown.toString() + (found.size > BYTES_SHOWN ? `\n… ${size(found.size - BYTES_SHOWN)} more` : '')
  } finally {
    await file.close()
  }
}
