/**
 * Brings files in: a few at a time, in order, and on and on through lost connections. Without a page: what is shown is
 * a plain list, what has to survive a reload is kept by `keep`.
 */
import { FilesError, isAborted, wordsOf } from '../client/problem.ts'
import type { IfExists, UploadsApi } from '../client/uploads.ts'
import { send } from './send.ts'
import { isOpen, type Transfer } from './transfer.ts'

export interface Incoming {
  path: string
  source: File
}

export interface Keep {
  save(transfers: readonly Transfer[]): void
  remove(ids: readonly string[]): void
  /** Keeps the bytes as well, as far as the browser has room. */
  saveSource(id: string, source: Blob): void
}

export interface TransfersView {
  transfers: readonly Transfer[]
  /** Why nothing goes on until somebody does something: the disk is full, the session is over. */
  halted: string | null
}

export interface Transfers {
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

export interface TransfersOptions {
  api: UploadsApi
  keep: Keep
  newId: () => string
  now: () => number
  /** Calls back after so many ms; returns what takes it back. */
  later: (act: () => void, ms: number) => () => void
  /** Told at most this often; a test tells at once. */
  schedule: (tell: () => void) => void
  onArrived: (path: string) => void
}

const AT_ONCE = 3
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

export function createTransfers(options: TransfersOptions): Transfers {
  const { api, keep, newId, now, later, schedule, onArrived } = options
  const all = new Map<string, Transfer>()
  const sources = new Map<string, Blob>()
  const running = new Map<string, AbortController>()
  const listeners = new Set<() => void>()
  let view: TransfersView | null = null
  let halted: string | null = null
  let failures = 0
  let endRest: (() => void) | null = null

  const changed = () => {
    view = null
    schedule(() => {
      for (const listener of listeners) listener()
    })
  }
  const set = (id: string, change: Partial<Transfer>) => {
    const before = all.get(id)
    if (!before) return
    const after = { ...before, ...change }
    all.set(id, after)
    if (after.state !== before.state || after.uploadId !== before.uploadId) {
      if (isOpen(after)) keep.save([after])
      else keep.remove([id])
    }
    changed()
  }

  const failed = (id: string, error: unknown) => {
    if (isAborted(error)) return
    const status = error instanceof FilesError ? error.status : -1
    if (error instanceof FilesError && error.isPassing) {
      set(id, { state: 'waiting', message: error.message })
      rest()
    } else if (status === 409 || status === 412) set(id, { state: 'asking', message: wordsOf(error) })
    else {
      set(id, { state: 'failed', message: wordsOf(error) })
      if (status === 507 || status === 401) halted = wordsOf(error)
    }
  }
  const rest = () => {
    endRest ??= later(wakeUp, BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)] ?? 0)
  }
  const wakeUp = () => {
    endRest?.()
    endRest = null
    pump()
  }

  const start = (transfer: Transfer, source: Blob) => {
    const { id } = transfer
    const controller = new AbortController()
    const isMine = () => running.get(id) === controller
    running.set(id, controller)
    set(id, { state: 'sending', message: null })
    const onProgress = (change: Partial<Transfer>) => {
      failures = 0
      if (isMine()) set(id, change)
    }
    send(transfer, source, { api, now, signal: controller.signal, onProgress })
      .then(() => {
        if (!isMine()) return
        sources.delete(id)
        set(id, { state: 'done', sent: transfer.size })
        onArrived(transfer.path)
      })
      .catch((error) => {
        if (isMine()) failed(id, error)
      })
      .finally(() => {
        if (isMine()) running.delete(id)
        pump()
      })
  }
  const pump = () => {
    if (endRest || halted !== null) return
    for (const transfer of all.values()) {
      if (running.size >= AT_ONCE) return
      if (transfer.state !== 'waiting' || running.has(transfer.id)) continue
      const source = sources.get(transfer.id)
      if (source) start(transfer, source)
      else set(transfer.id, { state: 'lost', message: null })
    }
  }
  const stop = (id: string) => {
    running.get(id)?.abort()
    running.delete(id)
  }
  const drop = (ids: readonly string[]) => {
    keep.remove(ids)
    for (const id of ids) {
      stop(id)
      const { uploadId = null, state } = all.get(id) ?? {}
      // What is left of it there would be cleared away in time as well.
      if (uploadId !== null && state !== 'done') api.giveUp(uploadId).catch(() => undefined)
      all.delete(id)
      sources.delete(id)
    }
    changed()
    pump()
  }

  return {
    view: () => {
      view ??= { transfers: [...all.values()], halted }
      return view
    },
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(incoming) {
      const batch = newId()
      const added = incoming.map(({ path, source }) => newTransfer(newId(), batch, path, source))
      for (const [index, transfer] of added.entries()) {
        const { source } = incoming[index] ?? {}
        if (!source) continue
        all.set(transfer.id, transfer)
        sources.set(transfer.id, source)
        keep.saveSource(transfer.id, source)
      }
      keep.save(added)
      changed()
      pump()
    },
    adopt(kept) {
      for (const { transfer, source } of kept) {
        const wasGoing = transfer.state === 'sending' || transfer.state === 'lost'
        all.set(transfer.id, { ...transfer, state: wasGoing ? 'waiting' : transfer.state })
        if (source) sources.set(transfer.id, source)
      }
      changed()
      pump()
    },
    pause(ids) {
      for (const id of ids) {
        const state = all.get(id)?.state
        if (state !== 'waiting' && state !== 'sending') continue
        stop(id)
        set(id, { state: 'paused', message: null })
      }
      pump()
    },
    resume(ids) {
      halted = null
      failures = 0
      for (const id of ids) {
        const state = all.get(id)?.state
        if (state === 'paused' || state === 'failed') set(id, { state: 'waiting', message: null })
      }
      changed()
      wakeUp()
    },
    cancel: drop,
    answer(batch, answer) {
      const asking = [...all.values()].filter((one) => one.batch === batch && one.state === 'asking')
      if (answer === 'skip') return drop(asking.map(({ id }) => id))
      for (const { id } of asking) set(id, { ifExists: answer, state: 'waiting', message: null })
      // The rest of what came with it is meant the same way.
      for (const { id, batch: its, state } of all.values())
        if (its === batch && state === 'waiting') set(id, { ifExists: answer })
      pump()
    },
    supply(files) {
      let found = 0
      for (const transfer of all.values()) {
        if (transfer.state !== 'lost') continue
        const source = files.find((file) => isSame(file, transfer))
        if (!source) continue
        found++
        sources.set(transfer.id, source)
        set(transfer.id, { state: 'waiting' })
      }
      pump()
      return found
    },
    nudge() {
      failures = 0
      wakeUp()
    },
    clearDone() {
      for (const { id, state } of all.values()) if (state === 'done') all.delete(id)
      changed()
    },
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
