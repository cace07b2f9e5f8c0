/** The conversations in the home: which there are, what is in them, and the folder of each. */
import { mkdir, readdir } from 'node:fs/promises'
import { ownFolder } from '../files/api/staging.ts'
import type { Trash } from '../files/api/trash.ts'
import type { Pin, Tree } from '../files/api/tree.ts'
import { codeOf, isMissing, RequestProblem } from '../http/problem.ts'
import { CONVERSATION_ID, type Entry } from './log/entry.ts'
import { type LogFile, openLog, readEntries } from './log/file.ts'
import { type Conversation, conversationOf } from './log/tree.ts'
import { CHATS_FOLDER, type Found } from './protocol.ts'
import { findIn } from './search.ts'

const ENDING = '.jsonl'
const FOUND_AT_MOST = 50
const LISTED_AT_MOST = 2_000

export interface Chats {
  /** The newest first. */
  list(): Promise<Conversation[]>
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
  const list = async (): Promise<Conversation[]> => {
    await using chats = await folder()
    const names = (await readdir(chats.self)).filter((name) => name.endsWith(ENDING))
    const found: Conversation[] = []
    for (const name of names.slice(0, LISTED_AT_MOST)) {
      const id = name.slice(0, -ENDING.length)
      if (!CONVERSATION_ID.test(id)) continue
      // One that cannot be read is no reason to show none.
      const entries = await readEntries(chats.at(name)).catch(() => null)
      if (entries && entries.length > 0) found.push(conversationOf(id, entries))
    }
    return found.sort((a, b) => b.changedAt - a.changedAt)
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
      for (const conversation of await list()) {
        const match = findIn(conversation, query)
        if (match) found.push(match)
        if (found.length === FOUND_AT_MOST) break
      }
      return found
    },
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
