/** Reads and writes `system/shell.json`. A file that is damaged is kept aside, and the shell begins anew. */
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteAtomic } from '../files/atomic.ts'
import { NEW_SHELL } from './look.ts'
import { type ShellChange, type ShellState, shellState } from './protocol.ts'

const FILE = 'system/shell.json'
const ASIDE = 'system/shell.damaged.json'
/** What the owner had open, and where, is nobody else's. */
export const SHELL_FILES = [FILE, ASIDE]

export interface ShellFile {
  read(): Promise<ShellState>
  /** Rejects when it cannot be written. Resolves to what is kept now. */
  change(change: ShellChange): Promise<ShellState>
}

export function openShellFile(root: string, write: WriteAtomic): ShellFile {
  const path = join(root, FILE)
  let last: Promise<unknown> = Promise.resolve()

  const read = async (): Promise<ShellState> => {
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return NEW_SHELL
    const { success, data } = shellState.safeParse(parseJson(text))
    if (success) return data
    await rename(path, join(root, ASIDE))
    return NEW_SHELL
  }
  /** One after the other: each change is to what the one before it left. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  return {
    read: () => inOrder(read),
    change: (change) =>
      inOrder(async () => {
        const before = await read()
        const next = {
          look: change.look ?? before.look,
          windows: change.windows ?? before.windows,
          hasStarted: change.hasStarted ?? before.hasStarted,
        }
        await write(path, `${JSON.stringify(next, null, 2)}\n`)
        return next
      }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
