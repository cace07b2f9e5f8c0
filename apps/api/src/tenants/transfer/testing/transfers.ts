import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { vi } from 'vitest'
import { systemClock } from '../../../clock.ts'
import type { Bytes, HomeTransfer } from '../../../ports/home-transfer.ts'
import { createTransfers } from '../service.ts'
import type { ImportRow, ImportStore } from '../store.ts'

export const MIB = 1_048_576
export const ROW = {
  ...{ id: newId('ins', systemClock), userId: newId('usr', systemClock) },
  ...{ handle: 'alice', isSuspended: false },
}
export const nothing = async () => undefined

/** In memory. Processes that share one are replicas. */
export function importsInMemory() {
  const rows = new Map<string, ImportRow & { uploadId: string }>()
  const store: ImportStore = {
    of: async (id) => structuredClone(rows.get(id) ?? null),
    async begin(id, uploadId, totalBytes) {
      const before = rows.get(id)
      if (before && !before.isLost && /unpacking|restarting/.test(before.state.status)) return false
      const state = { status: 'unpacking', doneBytes: 0, totalBytes, message: null, manifest: null } as const
      rows.set(id, { uploadId, state, isLost: false })
      return true
    },
    async write(id, uploadId, state) {
      const row = rows.get(id)
      if (row?.uploadId === uploadId) row.state = { ...state }
    },
    forget: async (id) => void rows.delete(id),
    deleteOld: nothing,
  }
  return { store, rows }
}

type Options = Partial<HomeTransfer> & {
  freeBytes?: () => number
  imports?: ReturnType<typeof importsInMemory>
}

export function boot({ freeBytes = () => 1024 * MIB, imports = importsInMemory(), ...more }: Options = {}) {
  const stage = vi.fn<(archive: Bytes) => Promise<never>>(() => new Promise(() => undefined))
  const transfer: HomeTransfer = {
    pack: async () => (async function* () {})(),
    ...{ beginUpload: nothing, uploaded: async () => 3, append: async () => 3, dropUpload: nothing },
    readUpload: () => (async function* () {})(),
    stage: (_home, archive) => stage(archive),
    ...{ hasNext: async () => false, adopt: nothing, earlierSince: async () => null },
    ...{ takeBack: async () => false, dropEarlier: nothing, dropLeftovers: nothing },
    ...more,
  }
  const transfers = createTransfers({
    homes: { transfer, space: async () => ({ freeBytes: freeBytes(), totalBytes: 2048 * MIB }) },
    tenants: { commandByPlatform: nothing, waitFor: () => Promise.reject(new Error('It does not stop.')) },
    ...{ imports: imports.store, displayNameOf: async () => 'Alice', limitBytes: 10_000 * MIB, version: '1' },
    ...{ audit: { record: nothing, deleteOld: nothing }, clock: systemClock },
    log: pino({ level: 'silent' }),
  })
  return { transfers, stage, imports }
}
