/** An instance's output: a file that it writes itself (it outlives the api), kept small by rotation. */
import { copyFile, open, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceId } from '@matrixos/shared'
import { stateFolder } from './state.ts'

const logPath = (stateDir: string, id: InstanceId): string => join(stateFolder(stateDir, id), 'output.log')

const NEWEST_BYTES = 65_536

/** Begins a run's own log: what the run before printed is set aside. Opened for appending, as rotation wants it. */
export async function openLog(stateDir: string, id: InstanceId) {
  const path = logPath(stateDir, id)
  await rm(`${path}.1`, { force: true })
  await rename(path, `${path}.previous`).catch(() => undefined)
  return await open(path, 'a', 0o600)
}

/** Lines written between the copy and the truncation are lost: a development log can bear that. */
export async function rotateLog(stateDir: string, id: InstanceId, limitBytes: number): Promise<void> {
  const path = logPath(stateDir, id)
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= limitBytes) return
  await copyFile(path, `${path}.1`)
  await truncate(path)
}

/** The end of a file, as text; empty where there is none. */
async function readEnd(path: string): Promise<string> {
  const file = await open(path).catch(() => null)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const length = Math.min(size, NEWEST_BYTES)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

export async function tailLog(stateDir: string, id: InstanceId, lines: number): Promise<string> {
  const path = logPath(stateDir, id)
  const [older, newer] = await Promise.all([readEnd(`${path}.1`), readEnd(path)])
  const all = `${older}${newer}`.replace(/\n$/, '').split('\n')
  return all.slice(-lines).join('\n')
}
