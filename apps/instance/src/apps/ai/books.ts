/**
 * What each app may spend, and has: `~/system/apps.json`, which no app can reach. What a call may cost is set aside and
 * written down before it is made; a kill in the middle counts all of that as spent.
 */
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { formatUsd, parseUsd } from '@matrixos/shared'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../../files/atomic.ts'
import { codeOf } from '../../http/problem.ts'
import { BOOKS_ASIDE, BOOKS_FILE } from './books-file.ts'

/** Of its owner: what they use it for themselves; of strangers: what the platform lets it spend on them. */
export type Purse = 'own' | 'visitors'
const DEFAULT_LIMIT_NANO = 500_000_000n
const AT_ONCE: Record<Purse, bigint> = { own: 4n, visitors: 4n }

const usd = z.pipe(
  z.string().check(z.regex(/^\d{1,12}(\.\d{1,9})?$/)),
  z.transform((text: string) => parseUsd(text)),
)
const book = z.object({
  consent: z._default(z.enum(['unasked', 'allowed', 'denied']), 'unasked'),
  limitUsd: z._default(usd, DEFAULT_LIMIT_NANO),
  /** UTC, `YYYY-MM`: whose figures these are. */
  month: z._default(z.string(), ''),
  spentUsd: z._default(usd, 0n),
  visitorsSpentUsd: z._default(usd, 0n),
})
const file = z.object({ apps: z.record(z.string(), book) })

export interface Book {
  consent: 'unasked' | 'allowed' | 'denied'
  limitNano: bigint
  month: string
  spent: Record<Purse, bigint>
  /** Of calls under way. */
  held: Record<Purse, bigint>
  calls: Record<Purse, bigint>
}

export interface Hold {
  /** What the call may cost at most; 0n: nothing is left, or too many are under way. */
  capNano: bigint
  /** Once, with what it cost. */
  settle(costNano: bigint): Promise<void>
}

export interface BooksOptions {
  root: string
  write: WriteAtomic
  now: () => Date
}

export type Books = ReturnType<typeof openBooks>

export function openBooks({ root, write, now }: BooksOptions) {
  const path = join(root, BOOKS_FILE)
  let loaded: Promise<Map<string, Book>> | undefined
  const all = () => {
    loaded ??= load(path, join(root, BOOKS_ASIDE)).catch((error) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
  const bookOf = async (app: string): Promise<Book> => {
    const books = await all()
    const found = books.get(app) ?? newBook()
    // Whoever asks next, before anything is written, has to find the same one.
    books.set(app, found)
    return ofMonth(found, now())
  }
  const keep = async () => write(path, textOf(await all()))

  return {
    of: bookOf,
    async decide(app: string, isAllowed: boolean, limitNano?: bigint): Promise<void> {
      const found = await bookOf(app)
      found.consent = isAllowed ? 'allowed' : 'denied'
      found.limitNano = limitNano ?? found.limitNano
      await keep()
    },
    /** `limitNano`: of that purse for this month. All that are under way together never exceed what is left. */
    async hold(app: string, purse: Purse, limitNano: bigint): Promise<Hold> {
      const found = await bookOf(app)
      const left = limitNano - found.spent[purse] - found.held[purse]
      const places = AT_ONCE[purse] - found.calls[purse]
      const capNano = left > 0n && places > 0n ? left / places : 0n
      if (capNano === 0n) return { capNano, settle: async () => undefined }
      const settle = async (costNano: bigint) => {
        // The same book, whatever its app is called by now, or whether it is there.
        ofMonth(found, now())
        found.held[purse] -= capNano
        found.calls[purse]--
        found.spent[purse] += costNano
        await keep()
      }
      found.held[purse] += capNano
      found.calls[purse]++
      try {
        await keep()
      } catch (error) {
        // No call is made that is not written down first.
        await settle(0n).catch(() => undefined)
        throw error
      }
      return { capNano, settle }
    },
    /** One of that name that is made later has to ask again. */
    async forget(app: string): Promise<void> {
      if ((await all()).delete(app)) await write(path, textOf(await all()))
    },
    async rename(from: string, to: string): Promise<void> {
      const books = await all()
      const found = books.get(from)
      if (!found) return
      books.delete(from)
      books.set(to, found)
      await keep()
    },
  }
}

const newBook = (): Book => ({
  ...{ consent: 'unasked', limitNano: DEFAULT_LIMIT_NANO, month: '' },
  ...{ spent: none(), held: none(), calls: none() },
})
const none = () => ({ own: 0n, visitors: 0n })

function ofMonth(found: Book, now: Date): Book {
  const month = now.toISOString().slice(0, 7)
  if (found.month !== month) Object.assign(found, { month, spent: none() })
  return found
}

/** What is held counts as spent there: that is what is true if nothing more is ever written. */
function textOf(books: ReadonlyMap<string, Book>): string {
  const apps = [...books].map(([app, { consent, limitNano, month, spent, held }]) => [
    app,
    {
      ...{ consent, month, limitUsd: formatUsd(limitNano) },
      spentUsd: formatUsd(spent.own + held.own),
      visitorsSpentUsd: formatUsd(spent.visitors + held.visitors),
    },
  ])
  return `${JSON.stringify({ apps: Object.fromEntries(apps) }, null, 2)}\n`
}

async function load(path: string, aside: string): Promise<Map<string, Book>> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return '{"apps":{}}'
    throw error
  })
  const { success, data } = file.safeParse(parse(text))
  // Whoever is not known to be allowed has to ask.
  if (!success) await rename(path, aside)
  const apps = Object.entries(data?.apps ?? {})
  return new Map(
    apps.map(([app, { consent, limitUsd: limitNano, month, spentUsd: own, visitorsSpentUsd: visitors }]) => [
      app,
      { consent, limitNano, month, spent: { own, visitors }, held: none(), calls: none() },
    ]),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
