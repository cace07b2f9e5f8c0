/** An answer that cannot be written down. */
import { expect, test } from 'vitest'
import { createAnswering } from './answering.ts'
import type { Conversations } from './conversations.ts'
import type { Kept, Messages } from './messages.ts'
import type { Conversation } from './state.ts'

test('pays once for an answer that cannot be kept at first, as on a full disk', async () => {
  const question = { id: 'q', isMine: false, kind: 'question', words: 'When?', at: 0, eventId: '$1' } as Kept
  const all = [question]
  const paid: string[] = []
  let refusals = 3
  const one = { id: 'one', as: 'ai', state: 'open', turns: 0, spentMicroUsd: 0 } as Conversation
  const answering = createAnswering({
    conversations: {
      ...({ get: () => one } as unknown as Conversations),
      async put(_, message) {
        if (refusals-- > 0) throw new Error('ENOSPC')
        all.push(message)
      },
    },
    messages: { of: async () => ({ all: () => all }) } as unknown as Messages,
    settings: () => ({ admission: 'everyone', asking: 'nobody', turnLimit: 9, budgetMicroUsd: 9 }),
    async ask(_, history) {
      paid.push(history.at(-1)?.words ?? '')
      return { words: 'Now.', costMicroUsd: 1 }
    },
    ...{ send: () => undefined, during: (work) => work, now: () => new Date(1), log: () => undefined },
    retryMs: 1,
  })
  answering.look('one')
  await expect.poll(() => all.map(({ words }) => words)).toEqual(['When?', 'Now.'])
  answering.stop()
  expect(paid).toEqual(['When?'])
})
