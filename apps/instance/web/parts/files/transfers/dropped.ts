/** What somebody dropped, picked or pasted: single files, and folders with all that is in them. */

import { join } from '../model/path.ts'
import type { Incoming } from './engine.ts'

export interface Found {
  name: string
  /** `null`: a folder with nothing in it. */
  file: File | null
}

/** Has to be called while the event lasts: afterwards the browser knows nothing any more. */
export function takeDropped(data: DataTransfer): () => Promise<Found[]> {
  const entries = [...data.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null
    return entry ? [entry] : []
  })
  const plain = [...data.files]
  return async () => {
    // A pasted picture is a file without an entry.
    if (entries.length === 0) return plain.map((file) => ({ name: file.name, file }))
    const found: Found[] = []
    for (const entry of entries) await collect(entry, '', found)
    return found
  }
}

async function collect(entry: FileSystemEntry, folder: string, found: Found[]): Promise<void> {
  const name = join(folder, entry.name)
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    found.push({ name, file })
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    for (let isEmpty = true; ; isEmpty = false) {
      // It answers at most a hundred at a time, and an empty list at the end.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      )
      if (some.length === 0) {
        if (isEmpty) found.push({ name, file: null })
        return
      }
      for (const inner of some) await collect(inner, name, found)
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

/** From a file picker: with the folders above them where a folder was picked. */
export const fromPicker = (files: Iterable<File>): Found[] =>
  [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }))

export const into = (folder: string, found: readonly Found[]): Incoming[] =>
  found.flatMap(({ name, file }) => (file ? [{ path: join(folder, name), source: file }] : []))

/** A picture from the clipboard has no name worth keeping. */
export function nameOfPasted({ type, name }: File, now: Date): string {
  if (name !== '' && !/^image\.\w+$/.test(name)) return name
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const time = `${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`
  return `Pasted ${day} ${time}.${type.split('/')[1]?.replace('jpeg', 'jpg').replace(/\+.*/, '') ?? 'png'}`
}
