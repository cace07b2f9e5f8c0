/** The driver's memory: a folder with one small file per instance, so that a restarted api finds what runs. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeAtomically } from '@matrixos/host/files'
import { idSchema } from '@matrixos/shared'
import { z } from 'zod'
import type { ContainerKey } from '../../../ports/runtime.ts'

const FILE = 'process.json'

/** Of the state and the output of one generation. */
export const stateFolder = (stateDir: string, { id, generation }: ContainerKey): string =>
  join(stateDir, `${id}.${generation}`)

/** What a folder's name stands for; `null` for what is none of ours. */
function keyOf(name: string): ContainerKey | null {
  const [idText, number = '', ...rest] = name.split('.')
  const { data: id } = idSchema('ins').safeParse(idText)
  return id && /^[1-9]\d*$/.test(number) && rest.length === 0 ? { id, generation: Number(number) } : null
}

const stateSchema = z.object({
  id: idSchema('ins'),
  generation: z.number().int(),
  handle: z.string(),
  /** Of the last run. */
  aiTokenGeneration: z.number().int().nullable().default(null),
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

export const initialState = (spec: ContainerKey & { handle: string }): ProcessState => ({
  id: spec.id,
  generation: spec.generation,
  handle: spec.handle,
  aiTokenGeneration: null,
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
export async function readState(stateDir: string, key: ContainerKey): Promise<ProcessState | null> {
  const text = await readIfThere(join(stateFolder(stateDir, key), FILE))
  if (text === null) return null
  const parsed = stateSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

export async function createState(stateDir: string, state: ProcessState): Promise<void> {
  await mkdir(stateFolder(stateDir, state), { recursive: true, mode: 0o700 })
  await writeState(stateDir, state)
}

/** Throws where the state was forgotten meanwhile: a late note must not bring a removed instance back. */
export async function writeState(stateDir: string, state: ProcessState): Promise<void> {
  await writeAtomically(join(stateFolder(stateDir, state), FILE), JSON.stringify(state))
}

export async function readStates(stateDir: string): Promise<ProcessState[]> {
  const entries = await readdir(stateDir, { withFileTypes: true }).catch(() => [])
  // A file that somebody left here is no instance, and must not hide the others.
  const keys = entries.flatMap((entry) => (entry.isDirectory() ? (keyOf(entry.name) ?? []) : []))
  const states = await Promise.all(keys.map((key) => readState(stateDir, key)))
  return states.filter((state) => state !== null)
}

/** With the output of its runs. */
export async function forgetState(stateDir: string, key: ContainerKey): Promise<void> {
  await rm(stateFolder(stateDir, key), { recursive: true, force: true })
}
