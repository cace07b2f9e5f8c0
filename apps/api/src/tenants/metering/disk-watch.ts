/**
 * Tells of homes that are nearly full, and of those that are: once each, and when there is room again. What is written in
 * the row is what the owner reads, and what keeps the platform's own ways in closed.
 */
import type { DiskLevel, InstanceEventKind } from '@matrixos/shared'
import type { HomeStore } from '../../ports/home-store.ts'
import type { InstanceCache } from '../cache.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { PolicyOf } from '../policy.ts'
import type { InstanceRow } from '../store.ts'
import type { WatchStore } from './watch-store.ts'

const FILLING = 0.8
const FULL = 1
/** Where the store is a wall, programs meet it before all of it is files: the file system keeps some for itself. */
const WALLED_FULL = 0.95
/** Below where it began: nobody is told again and again by a file that comes and goes. */
const SLACK = 0.05

const RANK: Record<DiskLevel, number> = { filling: 1, full: 2 }
const rankOf = (level: DiskLevel | null): number => (level ? RANK[level] : 0)

export interface DiskWatchOptions {
  store: Pick<WatchStore, 'setDiskLevel'>
  homes: Pick<HomeStore, 'enforces' | 'fill'>
  policyOf: PolicyOf
  publish: InstanceCache['publish']
  note: EventRecorder['note']
}

export type DiskWatch = ReturnType<typeof createDiskWatch>

/** What a home of that size is, after it was `before`. Pure. */
export function diskLevelOf(share: number, before: DiskLevel | null, fullAt: number): DiskLevel | null {
  const atLeast = (limit: number, level: DiskLevel) =>
    share >= (rankOf(before) >= RANK[level] ? limit - SLACK : limit)
  if (atLeast(fullAt, 'full')) return 'full'
  return atLeast(FILLING, 'filling') ? 'filling' : null
}

function eventOf(before: DiskLevel | null, now: DiskLevel | null): InstanceEventKind | null {
  if (rankOf(now) > rankOf(before)) return now === 'full' ? 'disk_full' : 'disk_filling'
  return before === 'full' ? 'disk_has_room' : null
}

export function createDiskWatch({ store, homes, policyOf, publish, note }: DiskWatchOptions) {
  const fullAt = homes.enforces.disk ? WALLED_FULL : FULL
  return {
    /** A home was measured. */
    async measured(row: InstanceRow, bytes: number): Promise<void> {
      const before = row.diskLevel
      // What stops programs is the store's own limit: it may be of files, or still that of an earlier plan.
      const share = (await homes.fill(row)) ?? bytes / policyOf(row).storage.diskBytes
      const now = diskLevelOf(share, before, fullAt)
      if (now === before) return
      // Another process may have told of it; then this row is old.
      const written = await store.setDiskLevel(row.id, { before, now })
      if (!written) return
      publish(written)
      const kind = eventOf(before, now)
      if (kind) note(row.id, kind)
    },
  }
}
