/** The conversations in the home: which there are, what is in them, and the folder of each. */
import { lstat, mkdir, readdir } from 'node:fs/promises'
import { versionOf } from '../files/api/entries.ts'
import { ownFolder } from '../files/api/staging.ts'
import type { Trash } from '../files/api/trash.ts'
import type { Pin, Tree } from '../files/api/tree.ts'
import { codeOf, isMissing, RequestProblem } from '../http/problem.ts'
import { CONVERSATION_ID, type Entry } from './log/entry.ts'
import { type LogFile, openLog, readEntries } from './log/file.ts'
import { type Conversation, conversationOf, titleFrom } from './log/tree.ts'
import { CHATS_FOLDER, type Found, type Summary } from './protocol.ts'
import { findIn } from './search.ts'

const ENDING = '.jsonl'
const FOUND_AT_MOST = 50
const LISTED_AT_MOST = 2_000

/** What is known of one without all that is in it. */
export type Kept = Omit<Summary, 'isRunning'>

export interface Chats {
  /** The newest first. */
  list(): Promise<Kept[]>
  /** `null`: it is not there. */
  read(id: string): Promise<Entry[] | null>
  log(id: string): LogFile
  /** Its folder, made where it is missing: for pictures, and versions of files before they were changed. */
  keepFolder(id: string): Promise<Pin>
  /** Into the trash; resolves to what brings it back. */
  remove(id: string): Promise<string>
  search(query: string): Promise<Found[]>
}

export function openChats(tree: Tree, trash: Pick<Trash, 'put'>): Chats {
  const folder = () => ownFolder(tree, CHATS_FOLDER)
  const read = async (id: string): Promise<Entry[] | null> => {
    if (!CONVERSATION_ID.test(id)) return null
    await using chats = await folder()
    return await readEntries(chats.at(id + ENDING))
  }
  const listIn = createListing()
  const list = async () => {
    await using chats = await folder()
    return await listIn(chats)
  }
  return {
    list,
    read,
    log: (id) =>
      openLog(async () => {
        const chats = await folder()
        return { path: chats.at(id + ENDING), [Symbol.asyncDispose]: () => chats[Symbol.asyncDispose]() }
      }),
    async keepFolder(id) {
      await using chats = await folder()
      await mkdir(chats.at(id), 0o700).catch((error) => {
        if (codeOf(error) !== 'EEXIST') throw error
      })
      return await tree.pinExactly(`${CHATS_FOLDER}/${id}`)
    },
    async remove(id) {
      const paths = [`${CHATS_FOLDER}/${id}${ENDING}`, `${CHATS_FOLDER}/${id}`]
      const there: string[] = []
      for (const path of paths) if (await isThere(tree, path)) there.push(path)
      if (there.length === 0) throw new RequestProblem(404, 'That conversation is no longer there.')
      return await trash.put(there)
    },
    async search(query) {
      const found: Found[] = []
      for (const { id } of await list()) {
        const entries = await read(id).catch(() => null)
        const match = entries && findIn(conversationOf(id, entries), query)
        if (match) found.push(match)
        if (found.length === FOUND_AT_MOST) break
      }
      return found
    },
  }
}

/** Each file is read again only when it has changed. */
function createListing(): (chats: Pin) => Promise<Kept[]> {
  const known = new Map<string, { version: string; kept: Kept | null }>()
  const keptOf = async (chats: Pin, id: string): Promise<Kept | null> => {
    const path = chats.at(id + ENDING)
    // One that cannot be read is no reason to show none.
    const stats = await lstat(path, { bigint: true }).catch(() => null)
    if (!stats) return null
    const version = versionOf(stats)
    const before = known.get(id)
    if (before?.version === version) return before.kept
    const entries = await readEntries(path).catch(() => null)
    const kept = entries && entries.length > 0 ? summaryOf(conversationOf(id, entries)) : null
    known.set(id, { version, kept })
    return kept
  }
  return async (chats) => {
    const names = (await readdir(chats.self)).filter((name) => name.endsWith(ENDING))
    const ids = names.map((name) => name.slice(0, -ENDING.length)).filter((id) => CONVERSATION_ID.test(id))
    const found: Kept[] = []
    for (const id of ids.slice(0, LISTED_AT_MOST)) {
      const kept = await keptOf(chats, id)
      if (kept) found.push(kept)
    }
    return found.sort((a, b) => b.changedAt - a.changedAt)
  }
}

async function isThere(tree: Tree, path: string): Promise<boolean> {
  try {
    await using spot = await tree.spot(path)
    return (await spot.stats()) !== null
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function summaryOf({ id, title, said, changedAt }: Conversation): Kept {
  const [first] = said.values()
  return { id, title: title || titleFrom(first?.text ?? ''), changedAt, from: first?.from?.name ?? null }
}
