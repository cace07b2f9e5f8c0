/**
 * Brings files in: a few at a time, in order, and on and on through lost connections. Without a page: what is shown is
 * a plain list, what has to survive a reload is kept by `keep`.
 */
import type { IfExists } from '../client/uploads.ts'
import { createRunner, type RunnerOptions } from './runner.ts'
import { createShelf, type Keep, type ShelfOptions } from './shelf.ts'
import type { Transfer } from './transfer.ts'

export interface Incoming {
  path: string
  source: File
}

export interface TransfersView {
  transfers: readonly Transfer[]
  /** Why nothing goes on until somebody does something: the disk is full, the session is over. */
  halted: string | null
}

export interface Transfers {
  /** The same object until something changes. */
  view(): TransfersView
  watch(listener: () => void): () => void
  add(incoming: readonly Incoming[]): void
  /** What an earlier life of the page had begun, with the bytes that could be kept. */
  adopt(kept: readonly { transfer: Transfer; source: Blob | undefined }[]): void
  pause(ids: readonly string[]): void
  /** Goes on, or tries again. */
  resume(ids: readonly string[]): void
  cancel(ids: readonly string[]): void
  /** For everything that asks in this batch; `skip` leaves what is there as it is. */
  answer(batch: string, answer: Exclude<IfExists, 'refuse'> | 'skip'): void
  /** Files for those that were lost, found by name and size. Returns how many fit. */
  supply(sources: readonly File[]): number
  /** The network is back, or somebody is. */
  nudge(): void
  clearDone(): void
}

export interface TransfersOptions extends Omit<RunnerOptions, 'shelf'>, ShelfOptions {
  keep: Keep
  newId: () => string
}

export function createTransfers(options: TransfersOptions): Transfers {
  const { api, keep, newId, schedule } = options
  let view: TransfersView | null = null
  const shelf = createShelf({
    keep,
    schedule(tell) {
      view = null
      schedule(tell)
    },
  })
  const runner = createRunner({ ...options, shelf })

  const drop = (ids: readonly string[]) => {
    for (const id of ids) {
      runner.stop(id)
      runner.dropSource(id)
      const { uploadId = null, state } = shelf.get(id) ?? {}
      // What is left of it there would be cleared away in time as well.
      if (uploadId !== null && state !== 'done') api.giveUp(uploadId).catch(() => undefined)
    }
    shelf.remove(ids)
    runner.pump()
  }
  const change = (ids: readonly string[], states: readonly Transfer['state'][], to: Transfer['state']) => {
    for (const id of ids) {
      const { state } = shelf.get(id) ?? {}
      if (state === undefined || !states.includes(state)) continue
      runner.stop(id)
      shelf.set(id, { state: to, message: null })
    }
  }

  return {
    view: () => {
      view ??= { transfers: shelf.all(), halted: runner.halted }
      return view
    },
    watch: shelf.watch,
    add(incoming) {
      const batch = newId()
      const added = incoming.map(({ path, source }) => {
        const transfer = newTransfer(newId(), batch, path, source)
        shelf.put(transfer)
        runner.addSource(transfer.id, source)
        keep.saveSource(transfer.id, source)
        return transfer
      })
      keep.save(added)
      shelf.changed()
      runner.pump()
    },
    adopt(kept) {
      for (const { transfer, source } of kept) {
        const wasGoing = transfer.state === 'sending' || transfer.state === 'lost'
        shelf.put({ ...transfer, state: wasGoing ? 'waiting' : transfer.state })
        if (source) runner.addSource(transfer.id, source)
      }
      shelf.changed()
      runner.pump()
    },
    pause(ids) {
      change(ids, ['waiting', 'sending'], 'paused')
      runner.pump()
    },
    resume(ids) {
      runner.unhalt()
      change(ids, ['paused', 'failed'], 'waiting')
      shelf.changed()
      runner.wakeUp()
    },
    cancel: drop,
    answer(batch, answer) {
      const own = shelf.all().filter((one) => one.batch === batch)
      const asking = own.filter(({ state }) => state === 'asking')
      if (answer === 'skip') return drop(asking.map(({ id }) => id))
      // The rest of what came with it is meant the same way.
      for (const { id, state } of own) if (state === 'waiting') shelf.set(id, { ifExists: answer })
      for (const { id } of asking) shelf.set(id, { ifExists: answer, state: 'waiting', message: null })
      runner.pump()
    },
    supply(files) {
      let found = 0
      for (const transfer of shelf.all()) {
        const source = transfer.state === 'lost' ? files.find((file) => isSame(file, transfer)) : undefined
        if (!source) continue
        found++
        runner.addSource(transfer.id, source)
        shelf.set(transfer.id, { state: 'waiting' })
      }
      runner.pump()
      return found
    },
    nudge: runner.wakeUp,
    clearDone: () => shelf.remove(shelf.all().flatMap(({ id, state }) => (state === 'done' ? [id] : []))),
  }
}

const newTransfer = (id: string, batch: string, path: string, { size, lastModified }: File): Transfer => ({
  ...{ id, batch, path, size },
  modifiedAt: new Date(lastModified).toISOString(),
  ifExists: 'refuse',
  uploadId: null,
  sent: 0,
  state: 'waiting',
  message: null,
})

/** The same file, as far as a page can know: another one of that name would be joined to the half that has arrived. */
const isSame = (file: File, { path, size, modifiedAt }: Transfer) =>
  path.endsWith(file.name) && file.size === size && new Date(file.lastModified).toISOString() === modifiedAt
