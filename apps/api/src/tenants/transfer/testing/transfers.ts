import { type InstanceId, newId } from '@matrixos/shared'
import { pino } from 'pino'
import { vi } from 'vitest'
import { systemClock } from '../../../clock.ts'
import type { Bytes, HomeTransfer } from '../../../ports/home-transfer.ts'
import { createTransfers, type Transfers } from '../service.ts'
import type { ImportJob, ImportRow, ImportStore } from '../store.ts'

export const MIB = 1_048_576
export const ROW = {
  ...{ id: newId('ins', systemClock), userId: newId('usr', systemClock) },
  ...{ handle: 'alice', isSuspended: false, diskLevel: null },
}
export const nothing = async () => undefined

/** In memory. Processes that share one are replicas. */
export function importsInMemory() {
  const rows = new Map<string, ImportRow & ImportJob>()
  const store: ImportStore = {
    of: async (id) => structuredClone(rows.get(id) ?? null),
    async begin(id, { uploadId, totalBytes, who }) {
      const before = rows.get(id)
      if (before && /unpacking|restarting/.test(before.state.status)) return false
      const state = { status: 'unpacking', doneBytes: 0, totalBytes, message: null, manifest: null } as const
      rows.set(id, { uploadId, who, state, isLost: false })
      return true
    },
    async write(id, uploadId, state) {
      const row = rows.get(id)
      if (row?.uploadId === uploadId) row.state = { ...state }
    },
    async job(id, uploadId) {
      const row = rows.get(id)
      const isUnderWay = row?.uploadId === uploadId && /unpacking|restarting/.test(row.state.status)
      return isUnderWay ? structuredClone(row) : null
    },
    lost: async () =>
      [...rows].flatMap(([id, { uploadId, isLost }]) =>
        isLost ? [{ instanceId: id as InstanceId, uploadId }] : [],
      ),
    forget: async (id) => void rows.delete(id),
    deleteOld: nothing,
  }
  return { store, rows }
}

type Options = Partial<HomeTransfer> & {
  freeBytes?: () => number
  totalBytes?: number
  freeInodes?: () => number
  /** Whether homes end at a size of their own. */
  isWalled?: boolean
  imports?: ReturnType<typeof importsInMemory>
  /** Aborts when the process stops. */
  signal?: AbortSignal
  /** Of the audit log. */
  record?: () => Promise<void>
}

export function boot(options: Options = {}) {
  const { freeBytes = () => 1024 * MIB, isWalled = false, imports = importsInMemory(), ...rest } = options
  const { totalBytes = 2048 * MIB, freeInodes } = options
  const { signal = new AbortController().signal, record = nothing, ...more } = rest
  const stage = vi.fn<(archive: Bytes) => Promise<never>>(() => new Promise(() => undefined))
  const transfer: HomeTransfer = {
    pack: async () => (async function* () {})(),
    ...{ beginUpload: nothing, uploaded: async () => 3, append: async () => 3, dropUpload: nothing },
    readUpload: () => (async function* () {})(),
    stage: (_home, archive) => stage(archive),
    staged: async () => null,
    ...{ hasNext: async () => false, adopt: nothing, earlierSince: async () => null },
    ...{ takeBack: async () => false, dropEarlier: nothing, dropLeftovers: nothing },
    ...more,
  }
  const transfers: Transfers = createTransfers({
    homes: {
      transfer,
      enforces: { disk: isWalled, inodes: isWalled },
      space: async () => ({ freeBytes: freeBytes(), totalBytes, freeInodes: freeInodes?.() ?? null }),
    },
    tenants: { commandByPlatform: nothing, waitFor: () => Promise.reject(new Error('It does not stop.')) },
    enqueue: async ({ uploadId }) => void transfers.import(ROW, uploadId, signal).catch(nothing),
    exports: { of: async () => null },
    ...{ imports: imports.store, displayNameOf: async () => 'Alice', limitBytes: 10_000 * MIB, version: '1' },
    ...{ audit: { record, deleteOld: nothing }, clock: systemClock },
    log: pino({ level: 'silent' }),
  })
  return { transfers, stage, imports }
}
