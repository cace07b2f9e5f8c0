/** What terminals leave in the home when the computer goes to sleep: a hidden file, which viewers cannot read. */
import { mkdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { createAtomicWriter } from '../files/atomic.ts'
import { MOST_SESSIONS } from './protocol.ts'
import type { Kept } from './session.ts'

const FILE = '.local/state/matrixos/terminals.json'

const text = (most: number) => z.string().check(z.maxLength(most))
const size = z.int().check(z.minimum(1), z.maximum(1_000))

const kept = z.object({
  id: text(64),
  name: z.nullable(text(80)),
  title: text(200),
  folder: text(4_096),
  columns: size,
  rows: size,
  generation: z.int(),
  screen: text(1_000_000),
})

export interface KeptStore {
  /** Nothing for a file that is not there, or that says something else; what it says of other things is left out. */
  read(): Promise<Kept[]>
  write(sessions: Kept[]): Promise<void>
}

export function createKeptStore(home: string): KeptStore {
  const path = join(home, FILE)
  const write = createAtomicWriter()
  return {
    async read() {
      const stored = await readFile(path, 'utf8').catch(() => '[]')
      try {
        // One that cannot be read takes no other with it.
        const all = z.array(z.unknown()).parse(JSON.parse(stored))
        return all.flatMap((one) => kept.safeParse(one).data ?? []).slice(0, MOST_SESSIONS)
      } catch {
        return []
      }
    },
    async write(sessions) {
      if (sessions.length === 0) return void (await unlink(path).catch(() => undefined))
      // What was on a screen is nobody else's.
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await write(path, JSON.stringify(sessions))
    },
  }
}
