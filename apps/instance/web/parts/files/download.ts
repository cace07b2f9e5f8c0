/** Saves to the person's own machine: a file as it is, more as one archive. */
import { files } from './client/files.ts'
import { nameOf } from './model/path.ts'

export interface Wanted {
  path: string
  isFolder: boolean
}

export function download(wanted: readonly Wanted[]): void {
  const [first] = wanted
  if (!first) return
  const isOne = wanted.length === 1
  const link = document.createElement('a')
  link.href =
    isOne && !first.isFolder
      ? files.downloadAddress(first.path)
      : files.archiveAddress(wanted.map(({ path }) => path))
  link.download = isOne && !first.isFolder ? nameOf(first.path) : ''
  link.click()
}
