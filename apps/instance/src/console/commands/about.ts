/** Commands that describe this computer: date, whoami, df, du, history, clear. `help` knows all the others. */
import { lstat, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { show } from '../../files/home.ts'
import type { Command } from '../command.ts'
import { columns, size } from '../format.ts'

export const date: Command = {
  usage: 'date',
  about: 'show the date and time',
  run: (_args, _flags, { now }) => ({ text: now().toUTCString() }),
}

export const whoami: Command = {
  usage: 'whoami',
  about: 'show whose computer this is',
  run: (_args, _flags, { owner: { handle, displayName } }) => ({
    text: displayName === handle ? handle : `${handle} (${displayName})`,
  }),
}

export const df: Command = {
  usage: 'df',
  about: 'show how much disk space is free',
  async run(_args, _flags, { home }) {
    const disk = await statfs(home.root)
    const [total, free] = [disk.blocks * disk.bsize, disk.bavail * disk.bsize]
    const used = (disk.blocks - disk.bfree) * disk.bsize
    return { text: `${size(used)} of ${size(total)} used, ${size(free)} free` }
  },
}

export const du: Command = {
  usage: 'du [FOLDER]',
  about: 'show how much space each item in a folder takes',
  async run([folder = '.'], _flags, { home, cwd }) {
    const located = home.locate(cwd, folder)
    const path = await home.existing(located)
    if (!(await lstat(path)).isDirectory()) return { text: `${size(await weigh(path))}  ${folder}` }
    const names = (await readdir(path)).filter((name) => !home.hides(join(path, name)))
    const weights = await Promise.all(names.map((name) => weigh(join(path, name))))
    const rows = names
      .map((name, i) => ({ name, bytes: weights[i] ?? 0 }))
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ name, bytes }) => [size(bytes), name])
    const sum = weights.reduce((all, bytes) => all + bytes, 0)
    return { text: columns([...rows, [size(sum), show(located)]], [0]) }
  },
}

export const history: Command = {
  usage: 'history',
  about: 'show earlier commands',
  run: (_args, _flags, at) => ({
    text: columns(
      at.history.map((line, i) => [String(i + 1), line]),
      [0],
    ),
  }),
}

export const clear: Command = {
  usage: 'clear',
  about: 'clear the screen',
  run: () => ({ clear: true }),
}

/** Bytes on the disk; links count as themselves. */
async function weigh(path: string): Promise<number> {
  const found = await lstat(path)
  const own = found.blocks * 512
  if (!found.isDirectory()) return own
  let sum = own
  for (const name of await readdir(path)) sum += await weigh(join(path, name))
  return sum
}
