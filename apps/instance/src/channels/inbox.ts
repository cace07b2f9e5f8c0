/**
 * `~/system/.inbox`: what the platform handed over, a file each, from when it is acknowledged until it is done with. A
 * file that is done with stays for some days, so that what is handed over again is known.
 */
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { channelMessage, scheduledRun } from '@matrixos/shared'
import * as z from 'zod/mini'

const FOLDER = 'system/.inbox'
/** Of those that are done with. */
const MOST_KEPT = 500

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
  /** Resolves when it is on the disk; `false`: it was there before, whatever has become of it. */
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

  /** Each file's writes go one after the other. */
  function save(entry: Entry): Promise<void> {
    const name = nameOf(entry.id)
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
      if (await load(join(folder, nameOf(entry.id)))) return false
      await save(entry)
      return true
    },
    async unfinished() {
      const names = await readdir(folder).catch(() => [])
      const files = names.filter((name) => name.endsWith('.json'))
      const loaded = await Promise.all(files.map((name) => load(join(folder, name))))
      const entries = loaded.filter((one) => one !== null).sort((a, b) => a.receivedAt - b.receivedAt)
      const done = entries.filter(({ isDone }) => isDone)
      for (const { id } of done.slice(0, Math.max(0, done.length - MOST_KEPT)))
        await unlink(join(folder, nameOf(id))).catch(() => undefined)
      return entries.filter(({ isDone }) => !isDone)
    },
  }
}

/** `null`: there is none, or none that can be read. */
async function load(path: string): Promise<Entry | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return entry.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** On the disk before anybody is told that it was taken. */
async function write(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name)
  const temporary = join(folder, `.${name}.saving`)
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const parent = await open(folder)
  await parent.sync().finally(() => parent.close())
}
