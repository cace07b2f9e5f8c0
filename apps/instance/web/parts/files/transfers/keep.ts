/**
 * Keeps transfers, and the bytes of those that are not too large, over a reload of the page. Several pages may be open:
 * each takes over only what no living page is busy with.
 */
import { createStore, delMany, entries, getMany, setMany, type UseStore } from 'idb-keyval'
import * as z from 'zod/mini'
import { LIST_DATABASE } from './database.ts'
import type { Keep } from './shelf.ts'
import { type Transfer, transfer } from './transfer.ts'

/** A copy of each is written to the browser's own disk. */
const SOURCE_AT_MOST = 256 * 1024 * 1024

const kept = z.object({ owner: z.string(), transfer })

export interface PageKeep extends Keep {
  /** What pages that are gone have left behind. From then on it is this page's. */
  takeOver(): Promise<{ transfer: Transfer; source: Blob | undefined }[]>
}

export interface PageKeepOptions {
  /** This life of the page. */
  owner: string
}

const nameOf = (owner: string) => `transfers ${owner}`

export function createKeep({ owner }: PageKeepOptions): PageKeep {
  let stores: { list: UseStore; bytes: UseStore } | null = null
  const open = () => {
    stores ??= {
      list: createStore(LIST_DATABASE, 'list'),
      bytes: createStore('mos-transfer-bytes', 'bytes'),
    }
    return stores
  }
  // As long as this page lives, no other takes its transfers.
  void navigator.locks.request(nameOf(owner), () => new Promise(() => undefined))
  /** A browser without room or memory for it transfers all the same; only a reload then asks for the file again. */
  const quietly = (act: () => Promise<unknown>) => void act().catch(() => undefined)

  const save = (transfers: readonly Transfer[]) =>
    setMany(
      transfers.map((one) => [one.id, { owner, transfer: one }]),
      open().list,
    )
  const takeOver = async () => {
    const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name))
    const found = (await entries(open().list)).flatMap(([, value]) => {
      const read = z.safeParse(kept, value)
      return read.success && !held.has(nameOf(read.data.owner)) ? [read.data.transfer] : []
    })
    await save(found)
    const bytes = await getMany<unknown>(
      found.map(({ id }) => id),
      open().bytes,
    )
    return found.map((one, index) => {
      const source = bytes[index]
      return { transfer: one, source: source instanceof Blob ? source : undefined }
    })
  }

  return {
    save: (transfers) => quietly(() => save(transfers)),
    remove: (ids) =>
      quietly(() => Promise.all([delMany([...ids], open().list), delMany([...ids], open().bytes)])),
    saveSource(id, source) {
      if (source.size <= SOURCE_AT_MOST) quietly(() => setMany([[id, source]], open().bytes))
    },
    takeOver: () => navigator.locks.request('transfers of gone pages', takeOver).catch(() => []),
  }
}
