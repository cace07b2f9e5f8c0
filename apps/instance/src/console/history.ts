/** What was typed in any console of this home, kept across sleep in a hidden file. */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteAtomic } from '../files/atomic.ts'

const FILE = '.console-history'
const KEPT = 500

export interface History {
  readonly lines: readonly string[]
  remember(line: string): Promise<void>
}

/** For viewers: what the owner typed is not theirs to read, and nothing of theirs is kept. */
export const noHistory = (): History => ({ lines: [], remember: async () => undefined })

export async function openHistory(root: string, write: WriteAtomic): Promise<History> {
  const path = join(root, FILE)
  const stored = await readFile(path, 'utf8').catch(() => '')
  const lines = stored.split('\n').filter((line) => line !== '')
  if (lines.length > 2 * KEPT) {
    lines.splice(0, lines.length - KEPT)
    await write(path, `${lines.join('\n')}\n`).catch(() => undefined)
  }
  return {
    lines,
    async remember(line) {
      const flat = line.replaceAll('\n', ' ')
      if (lines.at(-1) === flat) return
      lines.push(flat)
      if (lines.length > 2 * KEPT) lines.splice(0, KEPT)
      await appendFile(path, `${flat}\n`)
    },
  }
}
