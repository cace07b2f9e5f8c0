/** Writes a file so that a reader, a full disk or a kill at any moment leaves the old text or the new, never half. */
import { open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export type WriteAtomic = (path: string, text: string) => Promise<void>

/** One writer for a whole home: writes happen one after the other, so the temporary file has one fixed name. */
export function createAtomicWriter(): WriteAtomic {
  let last: Promise<void> = Promise.resolve()
  return (path, text) => {
    const next = last.then(() => writeAtomic(path, text))
    last = next.catch(() => undefined)
    return next
  }
}

async function writeAtomic(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.saving`)
  try {
    const file = await open(temporary, 'w', 0o644)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    // On a full disk what was written so far would keep the space that the owner needs.
    await unlink(temporary).catch(() => undefined)
    throw error
  }
  const folder = await open(dirname(path))
  await folder.sync().finally(() => folder.close())
}
