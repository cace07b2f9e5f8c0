/** The driver's memory: a folder with one small file per instance, so that a restarted api finds what runs. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeAtomically } from '@matrixos/host/files'
import { type InstanceId, idSchema } from '@matrixos/shared'
import { z } from 'zod'

const FILE = 'process.json'

/** Of the state and the output of one instance. */
export const stateFolder = (stateDir: string, id: InstanceId): string => join(stateDir, id)

const stateSchema = z.object({
  id: idSchema('ins'),
  handle: z.string(),
  /** Loopback port of the last run, asked for again by the next; `null` before the first. */
  port: z.number().int().nullable(),
  /** `null`: not started, or killed between the start and this note (`launching` is true then). */
  pid: z.number().int().nullable(),
  startTime: z.string().nullable(),
  launching: z.boolean(),
  startedAt: z.iso.datetime().nullable(),
  exitCode: z.number().int().nullable(),
})
export type ProcessState = z.infer<typeof stateSchema>

export const initialState = (id: InstanceId, handle: string): ProcessState => ({
  id,
  handle,
  port: null,
  pid: null,
  startTime: null,
  launching: false,
  startedAt: null,
  exitCode: null,
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** An unreadable note counts as none: one damaged file must not hide all other instances. */
export async function readState(stateDir: string, id: InstanceId): Promise<ProcessState | null> {
  const text = await readIfThere(join(stateFolder(stateDir, id), FILE))
  if (text === null) return null
  const parsed = stateSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

export async function writeState(stateDir: string, state: ProcessState): Promise<void> {
  const folder = stateFolder(stateDir, state.id)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeAtomically(join(folder, FILE), JSON.stringify(state))
}

export async function readStates(stateDir: string): Promise<ProcessState[]> {
  const entries = await readdir(stateDir, { withFileTypes: true }).catch(() => [])
  // A file that somebody left here is no instance, and must not hide the others.
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => idSchema('ins').safeParse(name))
  const ids = names.flatMap(({ data }) => data ?? [])
  const states = await Promise.all(ids.map((id) => readState(stateDir, id)))
  return states.filter((state) => state !== null)
}

/** With the output of its runs. */
export async function forgetState(stateDir: string, id: InstanceId): Promise<void> {
  await rm(stateFolder(stateDir, id), { recursive: true, force: true })
}
