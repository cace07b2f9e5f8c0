/** Sends what waits, a few at a time; rests when nobody answers, halts when somebody has to do something first. */
import { FilesError, isAborted, wordsOf } from '../client/problem.ts'
import type { UploadsApi } from '../client/uploads.ts'
import { send } from './send.ts'
import type { Shelf } from './shelf.ts'
import type { Transfer } from './transfer.ts'

export interface Runner {
  readonly halted: string | null
  addSource(id: string, source: Blob): void
  /** Sends whatever waits and can be sent. */
  pump(): void
  /** Sends nothing more of it. */
  stop(id: string): void
  dropSource(id: string): void
  /** Tries again at once, whatever went wrong before. */
  wakeUp(): void
  unhalt(): void
}

export interface RunnerOptions {
  shelf: Shelf
  api: UploadsApi
  now: () => number
  /** Calls back after so many ms; returns what takes it back. */
  later: (act: () => void, ms: number) => () => void
  onArrived: (path: string) => void
}

const AT_ONCE = 3
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

export function createRunner({ shelf, api, now, later, onArrived }: RunnerOptions): Runner {
  const sources = new Map<string, Blob>()
  const running = new Map<string, AbortController>()
  let halted: string | null = null
  let failures = 0
  let endRest: (() => void) | null = null

  const resume = () => {
    endRest?.()
    endRest = null
    pump()
  }
  const failed = (id: string, error: unknown) => {
    if (isAborted(error)) return
    const { status, isPassing } = error instanceof FilesError ? error : { status: -1, isPassing: false }
    const message = wordsOf(error)
    if (isPassing) {
      shelf.set(id, { state: 'waiting', message })
      endRest ??= later(resume, BACKOFF_MS[Math.min(failures++, BACKOFF_MS.length - 1)] ?? 0)
    } else if (status === 409 || status === 412) shelf.set(id, { state: 'asking', message })
    else {
      shelf.set(id, { state: 'failed', message })
      if (status === 507 || status === 401) halted = message
    }
  }
  const start = (transfer: Transfer, source: Blob) => {
    const { id } = transfer
    const controller = new AbortController()
    const isMine = () => running.get(id) === controller
    running.set(id, controller)
    shelf.set(id, { state: 'sending', message: null })
    const onProgress = (change: Partial<Transfer>) => {
      failures = 0
      if (isMine()) shelf.set(id, change)
    }
    send(transfer, source, { api, now, signal: controller.signal, onProgress })
      .then(() => {
        if (!isMine()) return
        sources.delete(id)
        shelf.set(id, { state: 'done', sent: transfer.size })
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
    for (const transfer of shelf.all()) {
      if (running.size >= AT_ONCE) return
      if (transfer.state !== 'waiting' || running.has(transfer.id)) continue
      const source = sources.get(transfer.id)
      if (source) start(transfer, source)
      else shelf.set(transfer.id, { state: 'lost', message: null })
    }
  }
  return {
    get halted() {
      return halted
    },
    addSource: (id, source) => void sources.set(id, source),
    dropSource: (id) => void sources.delete(id),
    pump,
    stop(id) {
      running.get(id)?.abort()
      running.delete(id)
    },
    wakeUp() {
      failures = 0
      resume()
    },
    unhalt() {
      halted = null
    },
  }
}
