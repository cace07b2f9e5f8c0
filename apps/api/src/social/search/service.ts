/** The search of people: whose handle is meant comes first, then whose handle begins so, then names. */
import { type Hosts, normalizeHandle, type PublicPerson, type UserId } from '@matrixos/shared'
import { publicPerson } from '../listed.ts'
import type { SearchStore } from './store.ts'

export interface SearchOptions {
  store: SearchStore
  hosts: Pick<Hosts, 'apiOrigin'>
}

export type Search = ReturnType<typeof createSearch>

const MOST_WORDS = 5

/** What a handle may begin with. */
const handlePrefix = (text: string): string | null => {
  const prefix = normalizeHandle(text)
  return /^[a-z][a-z0-9-]{0,31}$/.test(prefix) ? prefix : null
}

export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)

export const createSearch =
  ({ store, hosts }: SearchOptions) =>
  /** `text` trimmed. A leading `@` means handles alone. */
  async (viewer: UserId | null, text: string, limit: number): Promise<PublicPerson[]> => {
    const prefix = handlePrefix(text)
    const words = text.startsWith('@') ? [] : wordsOf(text)
    const [handles, names] = await Promise.all([
      prefix ? store.byHandle(viewer, prefix, limit) : [],
      words.length > 0 ? store.byName(viewer, words, limit) : [],
    ])
    const found = new Map([...handles, ...names].map((person) => [person.id, person]))
    return [...found.values()].slice(0, limit).map((person) => publicPerson(hosts.apiOrigin, person))
  }
