/**
 * `~/system/.inbox`: what the platform handed over, a file each, from when it is acknowledged until it is done with. A
 * file that is done with stays for some days, so that what is handed over again is known.
 */
import { constants as flags } from 'node:fs'
import { mkdir, open as openFile, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { channelMessage, scheduledRun } from '@matrixos/shared'
import * as z from 'zod/mini'
import { RequestProblem } from '../http/problem.ts'

const FOLDER = 'system/.inbox'
/** Of those that are done with. */
const MOST_KEPT = 500
/** Of those that are not. What comes then stays with the platform, which tries again. */
const MOST_UNFINISHED = 200
/** Files that are looked at, and the size of one: what else stands there is not this computer's. */
const MOST_FILES = 2_000
const LARGEST_BYTES = 1024 * 1024
const FULL = 'Too much waits to be answered here. I take more once some of it is.'

const progress = {
  /** Milliseconds since 1970. */
  receivedAt: z.number(),
  /** What is to be sent; `null`: not known yet. */
  answer: z.nullable(z.string()),
  /** Parts that were sent for certain. */
  sent: z.number(),
  /** Whether the next part was about to be sent: after a kill nobody knows whether it was. */
  isSending: z.boolean(),
  isDone: z.boolean(),
}

export const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), id: z.string(), message: z.nullable(channelMessage), ...progress }),
  z.object({ kind: z.literal('run'), id: z.string(), run: z.nullable(scheduledRun), ...progress }),
])
export type Entry = z.infer<typeof entry>

export interface Inbox {
  /**
   * Resolves when it is on the disk; `false`: it was there before, whatever has become of it. Rejects with 429 while too
   * many are not done with.
   */
  put(entry: Entry): Promise<boolean>
  save(entry: Entry): Promise<void>
  /** Those that are not done with, in the order in which they came. */
  unfinished(): Promise<Entry[]>
}

/** Names of files: ids come from outside. */
const nameOf = (id: string) => `${Buffer.from(id).toString('base64url').slice(0, 200)}.json`

export const newEntry = (
  content:
    | { kind: 'message'; id: string; message: z.infer<typeof channelMessage> }
    | { kind: 'run'; id: string; run: z.infer<typeof scheduledRun> },
  receivedAt: number,
): Entry => ({ ...content, receivedAt, answer: null, sent: 0, isSending: false, isDone: false })

export function openInbox(root: string): Inbox {
  const folder = join(root, FOLDER)
  const writing = new Map<string, Promise<unknown>>()
  const open = new Set<string>()

  /** Each file's writes go one after the other. */
  function save(entry: Entry): Promise<void> {
    const name = nameOf(entry.id)
    if (entry.isDone) open.delete(name)
    const next = (writing.get(name) ?? Promise.resolve()).then(() =>
      write(folder, name, JSON.stringify(entry)),
    )
    const settled = next.catch(() => undefined)
    writing.set(name, settled)
    void settled.then(() => writing.get(name) === settled && writing.delete(name))
    return next
  }

  return {
    save,
    async put(entry) {
      await mkdir(folder, { recursive: true })
      const name = nameOf(entry.id)
      if (await load(join(folder, name))) return false
      if (open.size >= MOST_UNFINISHED) throw new RequestProblem(429, FULL)
      open.add(name)
      await save(entry).catch((error: unknown) => {
        open.delete(name)
        throw error
      })
      return true
    },
    async unfinished() {
      const names = await readdir(folder).catch(() => [])
      const files = names.filter((name) => name.endsWith('.json')).slice(0, MOST_FILES)
      const entries: Entry[] = []
      for (const name of files) {
        const found = await load(join(folder, name))
        if (found && nameOf(found.id) === name) entries.push(found)
      }
      entries.sort((a, b) => a.receivedAt - b.receivedAt)
      const done = entries.filter(({ isDone }) => isDone)
      for (const { id } of done.slice(0, Math.max(0, done.length - MOST_KEPT)))
        await unlink(join(folder, nameOf(id))).catch(() => undefined)
      const unfinished = entries.filter(({ isDone }) => !isDone)
      for (const { id } of unfinished) open.add(nameOf(id))
      return unfinished
    },
  }
}

/** `null`: there is none, or none that can be read. */
async function load(path: string): Promise<Entry | null> {
  try {
    await using file = await openFile(path, flags.O_RDONLY | flags.O_NOFOLLOW | flags.O_NONBLOCK)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > LARGEST_BYTES) return null
    return entry.parse(JSON.parse(await file.readFile('utf8')))
  } catch {
    return null
  }
}

/** On the disk before anybody is told that it was taken. */
async function write(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name)
  const temporary = join(folder, `.${name}.saving`)
  const file = await openFile(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const parent = await openFile(folder)
  await parent.sync().finally(() => parent.close())
}
