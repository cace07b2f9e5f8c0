/** `/.app/kv`: small values by their keys, of one app and no other, in a file that no app is served from. */
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../../files/atomic.ts'
import { codeOf, RequestProblem } from '../../http/problem.ts'
import { isShallow } from '../shallow.ts'
import { type AppAsk, type AppRoom, checkAccess, notSo, sendJson, sendNothing } from './ask.ts'
import { readBody } from './body.ts'

const KV_LIMITS = { keyCharacters: 256, valueBytes: 64 * 1024, keys: 1_000, bytes: 1024 * 1024 }

/** Not an object: a key may be called anything, `__proto__` too. */
const stored = z.object({
  last: z.number(),
  values: z.array(z.object({ key: z.string(), version: z.number(), value: z.unknown() })),
})

interface Store {
  last: number
  values: Map<string, { version: number; value: unknown }>
  bytes: number
}

export interface KvOptions {
  pathOf: (app: string) => string
  write: WriteAtomic
  /** Whether anybody but the owner may change something now. */
  mayStrangerWrite: (app: string) => boolean
}

export function createKv({ pathOf, write, mayStrangerWrite }: KvOptions): AppRoom {
  /** One after the other of each app; a store is in memory only while it is asked for. */
  const turns = new Map<string, Promise<unknown>>()
  const inTurn = <T>(app: string, work: () => Promise<T>): Promise<T> => {
    const next = (turns.get(app) ?? Promise.resolve()).then(work)
    const settled = next.catch(() => undefined)
    turns.set(app, settled)
    void settled.then(() => turns.get(app) === settled && turns.delete(app))
    return next
  }
  const change = (ask: AppAsk, act: (store: Store) => void) =>
    inTurn(ask.app, async () => {
      const path = pathOf(ask.app)
      const store = await load(path)
      const { last } = store
      act(store)
      if (store.last === last) return
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await write(path, textOf(store))
    })

  const put = async (ask: AppAsk, key: string) => {
    const value = await readValue(ask)
    let version = 0
    await change(ask, (store) => {
      checkVersion(ask, store.values.get(key)?.version ?? 0)
      version = ++store.last
      store.bytes += sizeOf(key, value) - sizeOf(key, store.values.get(key)?.value)
      store.values.set(key, { version, value })
      if (store.values.size > KV_LIMITS.keys) throw full(`${KV_LIMITS.keys} keys`)
      if (store.bytes > KV_LIMITS.bytes) throw full(`${KV_LIMITS.bytes / 1_024} kB`)
    })
    sendJson(ask.response, { version })
  }
  const remove = async (ask: AppAsk, key: string) => {
    await change(ask, (store) => {
      checkVersion(ask, store.values.get(key)?.version ?? 0)
      if (store.values.delete(key)) store.last++
    })
    sendNothing(ask.response)
  }

  return async (ask) => {
    const { app, manifest, guest, path: key, method, query, response } = ask
    const isRead = method === 'GET'
    checkAccess(ask, manifest.visitors.kv, !isRead)
    if (!isRead && guest.role !== 'owner' && !mayStrangerWrite(app))
      throw new RequestProblem(429, 'Too much is being changed here. Try again in a moment.')
    if (key.length > KV_LIMITS.keyCharacters)
      throw new RequestProblem(400, `A key has ${KV_LIMITS.keyCharacters} characters at most.`)
    if (!isRead && key === '') throw new RequestProblem(400, 'Say which key.')
    if (method === 'PUT') return put(ask, key)
    if (method === 'DELETE') return remove(ask, key)
    if (!isRead) throw notSo()
    const { values } = await inTurn(app, () => load(pathOf(app)))
    if (key === '') {
      const prefix = query.get('prefix') ?? ''
      const keys = [...values.keys()].filter((one) => one.startsWith(prefix)).sort()
      return sendJson(response, { keys })
    }
    const found = values.get(key)
    sendJson(response, { value: found?.value ?? null, version: found?.version ?? 0 })
  }
}

async function readValue({ request }: AppAsk): Promise<unknown> {
  const value = parse((await readBody(request, KV_LIMITS.valueBytes)).toString('utf8'))
  if (value === undefined) throw new RequestProblem(400, 'A value has to be JSON.')
  if (!isShallow(value)) throw new RequestProblem(400, 'That value is too deep.')
  return value
}

/** `If-Match: "VERSION"`: only what was seen is replaced; version 0: nothing was there. */
function checkVersion({ request }: AppAsk, now: number): void {
  const expected = request.headers['if-match']
  if (expected === undefined || expected === `"${now}"`) return
  throw new RequestProblem(412, 'It was changed meanwhile.', { version: String(now) })
}

const sizeOf = (key: string, value: unknown): number =>
  value === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value))

const full = (what: string) => new RequestProblem(507, `This app may keep ${what}, and that would be more.`)

async function load(path: string): Promise<Store> {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return '{"last":0,"values":[]}'
    throw error
  })
  const parsed = stored.safeParse(parse(text))
  // What cannot be read is kept for whoever wants to mend it.
  if (!parsed.success) await rename(path, `${path}.damaged`)
  const { last, values } = parsed.data ?? { last: 0, values: [] }
  const bytes = values.reduce((sum, { key, value }) => sum + sizeOf(key, value), 0)
  return { last, values: new Map(values.map(({ key, ...entry }) => [key, entry])), bytes }
}

const textOf = ({ last, values }: Store): string =>
  JSON.stringify({ last, values: [...values].map(([key, entry]) => ({ key, ...entry })) })

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
