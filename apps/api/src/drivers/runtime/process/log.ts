/** An instance's output: a file that it writes itself (it outlives the api), kept small by rotation. */
import { copyFile, open, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerKey, Span } from '../../../ports/runtime.ts'
import { stateFolder } from './state.ts'

const logPath = (stateDir: string, key: ContainerKey): string =>
  join(stateFolder(stateDir, key), 'output.log')

const NEWEST_BYTES = 65_536

/** Of the runs before, the last one first. */
const EARLIER = ['previous', 'earlier'] as const

/** Begins a run's own log: what two runs before printed is set aside. Opened for appending, as rotation wants it. */
export async function openLog(stateDir: string, key: ContainerKey) {
  const path = logPath(stateDir, key)
  await rm(`${path}.1`, { force: true })
  const aside = [path, ...EARLIER.map((name) => `${path}.${name}`)]
  for (let at = aside.length - 1; at > 0; at--)
    await rename(aside[at - 1] ?? path, aside[at] ?? path).catch(() => undefined)
  return await open(path, 'a', 0o600)
}

/** Lines written between the copy and the truncation are lost: a development log can bear that. */
export async function rotateLog(stateDir: string, key: ContainerKey, limitBytes: number): Promise<void> {
  const path = logPath(stateDir, key)
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

/** Of the run that last printed something in that time; rotated parts are kept of the present run alone. */
async function readRun(path: string, { after, until }: Span): Promise<string> {
  for (const candidate of [path, ...EARLIER.map((name) => `${path}.${name}`)]) {
    const seen = await stat(candidate).catch(() => null)
    if (seen && seen.mtime > after && seen.mtime <= until) return readEnd(candidate)
  }
  return ''
}

async function readPresent(path: string): Promise<string> {
  const [older, newer] = await Promise.all([readEnd(`${path}.1`), readEnd(path)])
  return `${older}${newer}`
}

export async function tailLog(
  stateDir: string,
  key: ContainerKey,
  lines: number,
  run?: Span,
): Promise<string> {
  const path = logPath(stateDir, key)
  const all = (await (run ? readRun(path, run) : readPresent(path))).replace(/\n$/, '').split('\n')
  return all.slice(-lines).join('\n')
}
