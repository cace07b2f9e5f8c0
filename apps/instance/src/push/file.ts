/**
 * Keeps the keys and the subscribers, in the home but hidden: whoever may look around there must not be able to write to
 * its owner's devices.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteAtomic } from '../files/atomic.ts'
import { type PushFile, pushFile } from './protocol.ts'

export const PUSH_FILE = 'system/.push.json'

export interface PushStore {
  /** `null`: nobody ever asked for notifications. */
  read(): Promise<PushFile | null>
  /** `change` gets what there is, or new keys; it may be called for a file of its own making. */
  update(change: (file: PushFile) => PushFile): Promise<PushFile>
}

export interface PushStoreOptions {
  root: string
  write: WriteAtomic
  newKeys: () => Promise<PushFile['vapid']>
}

export function openPushStore({ root, write, newKeys }: PushStoreOptions): PushStore {
  const path = join(root, PUSH_FILE)
  let last: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<PushFile | null> => {
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return null
    // Damaged keys are of no use to anybody: browsers ask again with new ones.
    return pushFile.safeParse(parseJson(text)).data ?? null
  }
  return {
    read,
    update(change) {
      const result = last.then(async () => {
        const before = await read()
        const next = change(before ?? { vapid: await newKeys(), subscribers: [], toldAlert: null })
        if (next !== before) await write(path, `${JSON.stringify(next, null, 2)}\n`)
        return next
      })
      last = result.catch(() => undefined)
      return result
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
