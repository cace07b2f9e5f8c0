/** Tells the runs of this computer apart, and whether the one before this had time to end. */
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
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
  const isAfterCrash = await writeFile(path, id, { flag: 'wx' }).then(
    () => false,
    (error) => error.code === 'EEXIST',
  )
  return { id, isAfterCrash, end: () => rm(path, { force: true }).catch(() => undefined) }
}
