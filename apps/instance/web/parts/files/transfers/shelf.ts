/** The list of transfers: what is shown of it, and what is kept of it over a reload. */
import { isOpen, type Transfer } from './transfer.ts'

export interface Keep {
  save(transfers: readonly Transfer[]): void
  remove(ids: readonly string[]): void
  /** Keeps the bytes as well, as far as the browser has room. */
  saveSource(id: string, source: Blob): void
}

export interface Shelf {
  get(id: string): Transfer | undefined
  all(): readonly Transfer[]
  put(transfer: Transfer): void
  set(id: string, change: Partial<Transfer>): void
  remove(ids: readonly string[]): void
  /** Something that is shown is not as it was. */
  changed(): void
  watch(listener: () => void): () => void
}

export interface ShelfOptions {
  keep: Keep
  /** Told at most this often; a test tells at once. */
  schedule: (tell: () => void) => void
}

export function createShelf({ keep, schedule }: ShelfOptions): Shelf {
  const all = new Map<string, Transfer>()
  const listeners = new Set<() => void>()
  const changed = () =>
    schedule(() => {
      for (const listener of listeners) listener()
    })
  return {
    get: (id) => all.get(id),
    all: () => [...all.values()],
    put: (transfer) => void all.set(transfer.id, transfer),
    set(id, change) {
      const before = all.get(id)
      if (!before) return
      const after = { ...before, ...change }
      all.set(id, after)
      // How far it is, the computer knows better.
      if (after.state !== before.state || after.uploadId !== before.uploadId) {
        if (isOpen(after)) keep.save([after])
        else keep.remove([id])
      }
      changed()
    },
    remove(ids) {
      for (const id of ids) all.delete(id)
      keep.remove(ids)
      changed()
    },
    changed,
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
