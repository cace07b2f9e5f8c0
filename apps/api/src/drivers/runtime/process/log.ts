/** An instance's output: a file that it writes itself (it outlives the api), kept small by rotation. */
import { copyFile, open, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { instanceFolder, readIfThere } from '../home.ts'

const logPath = (instancesDir: string, handle: string): string =>
  join(instanceFolder(instancesDir, handle), 'output.log')

/** Opened for appending: after a truncation the writer goes on at the new end. */
export const openLog = (instancesDir: string, handle: string) =>
  open(logPath(instancesDir, handle), 'a', 0o600)

/** Lines written between the copy and the truncation are lost: a development log can bear that. */
export async function rotateLog(instancesDir: string, handle: string, limitBytes: number): Promise<void> {
  const path = logPath(instancesDir, handle)
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= limitBytes) return
  await copyFile(path, `${path}.1`)
  await truncate(path)
}

export async function tailLog(instancesDir: string, handle: string, lines: number): Promise<string> {
  const path = logPath(instancesDir, handle)
  const [older, newer] = await Promise.all([readIfThere(`${path}.1`), readIfThere(path)])
  const all = `${older ?? ''}${newer ?? ''}`.replace(/\n$/, '').split('\n')
  return all.slice(-lines).join('\n')
}
