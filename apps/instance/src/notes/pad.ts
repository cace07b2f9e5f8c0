/**
 * The note pad's file, `notes/pad.md`. A version is the text's own hash, so it outlives a restart and also notices
 * changes that were made elsewhere. The last writer wins; what they did not know of is kept beside it.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import type { WriteAtomic } from '../files/atomic.ts'
import type { Home } from '../files/home.ts'
import { PlainError } from '../files/plain-words.ts'
import { PAD_LIMIT } from '../protocol.ts'

/** At the top of the home; the pad's earlier texts are kept there too. */
export const NOTES_FOLDER = 'notes'
const PAD = `${NOTES_FOLDER}/pad.md`
/** A file that others made may be of any size; letters take up to four bytes. */
const LARGEST_FILE = 4 * PAD_LIMIT

export interface PadState {
  version: string
  text: string
}

export interface Pad {
  read(): Promise<PadState>
  /** Resolves when the text is on the disk. `keptCopy`: the file that now holds what this save replaced unseen. */
  save(text: string, base: string): Promise<{ version: string; keptCopy: string | null }>
}

export const versionOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

export function createPad(options: { home: Home; write: WriteAtomic; now: () => Date }): Pad {
  const { home, write, now } = options
  let queue: Promise<unknown> = Promise.resolve()

  const read = async () => {
    const text = await home
      .existing(PAD)
      .then(readPad)
      .catch((error) => {
        if (error.code === 'ENOENT') return ''
        throw error
      })
    return { version: versionOf(text), text }
  }

  const save = async (text: string, base: string) => {
    if (text.length > PAD_LIMIT) throw tooLong()
    const before = await read()
    const version = versionOf(text)
    if (before.version === version) return { version, keptCopy: null }
    await mkdir(await home.target(NOTES_FOLDER), { recursive: true })
    const keptCopy = before.version === base || before.text === '' ? null : copyName(now())
    // The copy first: if the disk fills up in between, nothing was replaced yet.
    if (keptCopy !== null) await write(await home.target(keptCopy), before.text)
    await write(await home.target(PAD), text)
    return { version, keptCopy }
  }

  return {
    read,
    save(text, base) {
      const result = queue.then(() => save(text, base))
      queue = result.catch(() => undefined)
      return result
    },
  }
}

async function readPad(path: string): Promise<string> {
  if ((await stat(path)).size > LARGEST_FILE) throw tooLong()
  return readFile(path, 'utf8')
}

/** Made when it is needed: the first number that a process writes out for people takes 5 ms, of each start if it were made then. */
const tooLong = () =>
  new PlainError(
    `The note pad holds up to ${PAD_LIMIT.toLocaleString('en')} characters. Move some of this to its own file.`,
  )

const copyName = (at: Date) => `${NOTES_FOLDER}/pad-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.md`
