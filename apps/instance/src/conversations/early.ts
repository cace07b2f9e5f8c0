/** What is said in rooms that have not been told of yet, until they are; and which rooms are none of a conversation. */
import type { MatrixAccountKind } from '@matrixos/shared'
import type { EventSeen } from './client/host-protocol.ts'

/** Of one room. */
const MOST_KEPT = 500

export function createEarly() {
  const kept = new Map<string, EventSeen[]>()
  /** Other clients' business, however much is said there. */
  const foreign = new Set<string>()
  const keyOf = (as: MatrixAccountKind, roomId: string) => `${as} ${roomId}`
  return {
    keep(as: MatrixAccountKind, event: EventSeen): void {
      const key = keyOf(as, event.roomId)
      if (!foreign.has(key)) kept.set(key, [...(kept.get(key) ?? []), event].slice(-MOST_KEPT))
    },

    /** It is none of a conversation. */
    ignore(as: MatrixAccountKind, roomId: string): void {
      const key = keyOf(as, roomId)
      foreign.add(key)
      kept.delete(key)
    },

    /** It is one of a conversation: what was said there before. */
    take(as: MatrixAccountKind, roomId: string): EventSeen[] {
      const key = keyOf(as, roomId)
      const events = kept.get(key) ?? []
      kept.delete(key)
      foreign.delete(key)
      return events
    },
  }
}
