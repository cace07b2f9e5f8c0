/** Whether conversations are possible here, and what keeps messages from coming or going just now. */
import type { MatrixAccess } from '@matrixos/shared'
import type { ConversationsEvent, ConversationsView } from './protocol.ts'

type Standing = Pick<ConversationsView, 'state' | 'trouble'>

export interface StandingOptions {
  tell: (event: ConversationsEvent) => void
  matrix: () => Promise<MatrixAccess>
}

export function createStanding({ tell, matrix }: StandingOptions) {
  let now: Standing = { state: 'pending', trouble: null }
  const stand = (next: Partial<Standing>): void => {
    const before = now
    now = { ...before, ...next }
    if (before.state !== now.state || before.trouble !== now.trouble) tell({ kind: 'state', ...now })
  }
  return {
    stand,
    /** Asks the platform for as long as there is nothing to talk with. */
    async read(): Promise<Standing> {
      const access = now.state === 'ready' ? null : await matrix().catch(() => null)
      if (access) stand({ state: access.state })
      return now
    },
  }
}
