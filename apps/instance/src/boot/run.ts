/** Tells the runs of this computer apart, and whether the one before this had time to end. */
import { randomUUID } from 'node:crypto'
import { constants as flags } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** There while it runs, and hidden: whoever looks around there has no use for it. */
const MARK = 'system/.running'

export interface Run {
  /** Another one after each start. */
  id: string
  /** The one before was killed: for want of memory, or with the machine. */
  isAfterCrash: boolean
  /** Resolves when this one has ended in order. */
  end(): Promise<void>
}

export async function beginRun(root: string): Promise<Run> {
  const path = join(root, MARK)
  const id = randomUUID()
  // A full disk has no room for the mark: then nothing is said.
  const isAfterCrash = await leaveMark(path).catch(() => false)
  return { id, isAfterCrash, end: () => rm(path, { force: true }).catch(() => undefined) }
}

/** Resolves to whether this home's own was there. One that came with a copy, such as an import, names another file. */
async function leaveMark(path: string): Promise<boolean> {
  await using file = await open(path, flags.O_RDWR | flags.O_CREAT | flags.O_NOFOLLOW | flags.O_NONBLOCK)
  const own = String((await file.stat()).ino)
  if ((await file.readFile('utf8')) === own) return true
  await file.truncate()
  await file.write(own, 0)
  return false
}
