/**
 * Keeps what is typed and not saved, in this browser, over reloads and crashes: in its database a moment after each
 * change, and at once in the tab's own storage when the page goes.
 */
import { createStore, del, get, set, type UseStore } from 'idb-keyval'
import * as z from 'zod/mini'

export const draft = z.object({
  text: z.string(),
  /** The file that it was typed into. `null`: there was none. */
  base: z.object({ version: z.nullable(z.string()), text: z.string() }),
  /** Milliseconds since 1970. */
  at: z.number(),
})
export type Draft = z.infer<typeof draft>

export interface Drafts {
  load(path: string): Promise<Draft | null>
  /** Rejects when the browser has no room for it. */
  save(path: string, draft: Draft): Promise<void>
  /** The page goes: there is no time to wait for anything. */
  saveNow(path: string, draft: Draft): void
  remove(path: string): Promise<void>
}

const keyOf = (path: string) => `mos-draft ${path}`

export function createDrafts(): Drafts {
  let store: UseStore | null = null
  const open = () => {
    store ??= createStore('mos-drafts', 'drafts')
    return store
  }
  const read = (value: unknown) => {
    const found = z.safeParse(draft, value)
    return found.success ? found.data : null
  }
  const fromTab = (path: string) => {
    try {
      return read(JSON.parse(sessionStorage.getItem(keyOf(path)) ?? 'null'))
    } catch {
      return null
    }
  }
  const forgetInTab = (path: string) => {
    try {
      sessionStorage.removeItem(keyOf(path))
    } catch {
      // A browser that keeps nothing in tabs has nothing to forget.
    }
  }
  return {
    async load(path) {
      const [kept, inTab] = [read(await get(path, open()).catch(() => null)), fromTab(path)]
      return (inTab?.at ?? 0) > (kept?.at ?? 0) ? inTab : kept
    },
    async save(path, value) {
      await set(path, value, open())
      forgetInTab(path)
    },
    saveNow(path, value) {
      try {
        sessionStorage.setItem(keyOf(path), JSON.stringify(value))
      } catch {
        // Too large for a tab: the database has it as it was a moment ago.
      }
    },
    async remove(path) {
      forgetInTab(path)
      await del(path, open()).catch(() => undefined)
    },
  }
}
