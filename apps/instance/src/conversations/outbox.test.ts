/** What is not sent, and cannot be written down either. */
import { setImmediate as othersTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Conversations } from './conversations.ts'
import type { Kept, Messages } from './messages.ts'
import { createOutbox } from './outbox.ts'
import type { Conversation } from './state.ts'

test('waits where it cannot be written down that a message is no longer to be sent, as on a full disk', async () => {
  let message = { id: 'message-1', isMine: true, at: 0, state: 'sending', roomId: null } as Kept
  const disk = { isFull: true, writes: 0 }
  const one = { id: 'one', as: 'ai', state: 'stopped' } as Conversation
  const outbox = createOutbox({
    client: { open: async () => undefined, perform: async () => null },
    conversations: {
      ...({ get: () => one, all: () => [one] } as unknown as Conversations),
      async put(_, next) {
        disk.writes++
        // Not for ever: it would never come to an end where it waits for nothing.
        if (disk.isFull && disk.writes < 20) throw new Error('ENOSPC')
        message = next
      },
    },
    messages: { of: async () => ({ all: () => [message] }) } as unknown as Messages,
    during: (work) => work,
    ...{ now: () => new Date(0), log: () => undefined, firstRetryMs: 600_000 },
  })
  outbox.kick('one')
  for (let turn = 0; turn < 100; turn++) await othersTurn()
  expect(disk.writes).toBe(1)
  disk.isFull = false
  outbox.kick('one')
  await outbox.settled()
  expect(message.state).toBe('failed')
})
