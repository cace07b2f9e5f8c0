/** Rooms that the owner has stopped talking in: left once the homeserver can be told, also after a restart. */
import type { MatrixAccountKind } from '@matrixos/shared'
import { ClientProblem, type MatrixClient } from './client/gateway.ts'
import type { StateFile } from './state.ts'

export interface LeavingOptions {
  state: StateFile
  client: () => Pick<MatrixClient, 'perform'>
}

export type Leaving = ReturnType<typeof createLeaving>

export function createLeaving({ state, client }: LeavingOptions) {
  const isOf = (as: MatrixAccountKind, roomId: string) => (each: { as: MatrixAccountKind; roomId: string }) =>
    each.as === as && each.roomId === roomId

  async function leave(as: MatrixAccountKind, roomId: string): Promise<void> {
    await client()
      .perform(as, { act: 'leave', roomId })
      .catch((error: unknown) => {
        // What the homeserver refuses was left before, or is not there.
        if (!(error instanceof ClientProblem) || error.isAgain) throw error
      })
    const isGone = isOf(as, roomId)
    await state.change((all) => ({ ...all, leaving: all.leaving.filter((each) => !isGone(each)) }))
  }

  return {
    has: (as: MatrixAccountKind, roomId: string): boolean => state.now().leaving.some(isOf(as, roomId)),

    /** They are to be left. What comes from there until then is nobody's concern. */
    note: (as: MatrixAccountKind, rooms: readonly string[]) =>
      state.change((all) => ({
        ...all,
        leaving: [...all.leaving, ...rooms.map((roomId) => ({ as, roomId }))],
      })),

    /** Rejects with a ClientProblem while the homeserver cannot be told. */
    async run(as: MatrixAccountKind): Promise<void> {
      for (const { roomId } of state.now().leaving.filter((each) => each.as === as)) await leave(as, roomId)
    },
  }
}
