/** The driver's memory: one small file per instance, so that a restarted api finds what runs. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { handleProblem, type InstanceId, idSchema } from '@matrixos/shared'
import { z } from 'zod'
import { instanceFolder, readIfThere, writeAtomically } from '../home.ts'

const FILE = 'process.json'

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
export async function readState(instancesDir: string, handle: string): Promise<ProcessState | null> {
  const text = await readIfThere(join(instanceFolder(instancesDir, handle), FILE))
  if (text === null) return null
  const parsed = stateSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

export async function writeState(instancesDir: string, state: ProcessState): Promise<void> {
  await writeAtomically(join(instanceFolder(instancesDir, state.handle), FILE), JSON.stringify(state))
}

export async function readStates(instancesDir: string): Promise<ProcessState[]> {
  const entries = await readdir(instancesDir, { withFileTypes: true }).catch(() => [])
  // A file that somebody left here is no instance, and must not hide the others.
  const names = entries.filter((entry) => !entry.isFile()).map(({ name }) => name)
  const handles = names.filter((name) => handleProblem(name) !== 'malformed')
  const states = await Promise.all(handles.map((handle) => readState(instancesDir, handle)))
  return states.filter((state) => state !== null)
}
