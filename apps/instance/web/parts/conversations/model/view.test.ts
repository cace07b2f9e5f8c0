/** What the page knows, and what it says of it. */
import { expect, test } from 'vitest'
import { conversation, message } from '../testing.ts'
import { settingsOf } from '../view/settings.tsx'
import { hear, mergeMessages, NOTHING_YET, waitingIn, withMessages } from './view.ts'
import { dollars, effortOf, nameOf, standingOf } from './words.ts'

const at = (minute: number) => `2026-05-05T10:0${minute}:00.000Z`

test('puts messages by their time, and one that is told again where it was', () => {
  const [late, early] = [message({ id: 'late', at: at(2) }), message({ id: 'early', at: at(1), words: null })]
  const merged = mergeMessages([late, early], [message({ id: 'early', at: at(1), words: 'Now read' })])
  expect(merged.map(({ words }) => words)).toEqual(['Now read', 'Hello'])
})

test('keeps the latest conversation first, and messages only of what was looked at', () => {
  const older = conversation({ id: 'a', last: message({ at: at(1) }) })
  const newer = conversation({ id: 'b', last: message({ at: at(2) }) })
  let state = hear(NOTHING_YET, { kind: 'conversation', conversation: older })
  state = hear(state, { kind: 'conversation', conversation: newer })
  expect(state.list.map(({ id }) => id)).toEqual(['b', 'a'])
  state = hear(state, { kind: 'message', conversation: 'a', message: message() })
  expect(state.threads).toEqual({})
  state = hear(withMessages(state, 'a', []), { kind: 'message', conversation: 'a', message: message() })
  expect(state.threads.a?.messages).toHaveLength(1)
})

test('counts an invitation also where its words cannot be read yet', () => {
  expect(waitingIn(conversation({ state: 'invited' }))).toBe(1)
  expect(waitingIn(conversation({ state: 'invited', unread: 2 }))).toBe(2)
  expect(waitingIn(conversation())).toBe(0)
})

test('names people, their AIs and strangers, and small amounts', () => {
  expect(nameOf({ userId: '@ada_ai:x', handle: 'ada', isAi: true })).toBe('@ada’s AI')
  expect(nameOf({ userId: '@eve:else', handle: null, isAi: false })).toBe('@eve:else')
  expect([0, 700, 20_000, 1_500_000].map(dollars)).toEqual(['$0.00', '$0.0007', '$0.02', '$1.50'])
  expect(effortOf(conversation())).toBeNull()
})

test.each([
  [{ state: 'stopped', stopped: 'other' }, '@alice is not in this conversation any more.'],
  [{ state: 'stopped', stopped: 'budget', spentMicroUsd: 500_000 }, /has spent \$0\.50/],
  [{ state: 'invited', as: 'ai' }, '@alice would like to ask your AI.'],
  [{ state: 'asked' }, /has not answered yet/],
] as const)('says how it stands: %o', (values, words) => {
  expect(standingOf(conversation(values))).toMatch(words)
})

test.each(['0', '1001', '1.5', '', 'x'])('takes no limit of %s messages', (turns) => {
  expect(settingsOf({ admission: 'nobody', asking: 'nobody', turns, budget: '0.50' })).toBeNull()
})

test('reads a budget as people write it', () => {
  expect(
    settingsOf({ admission: 'nobody', asking: 'nobody', turns: '5', budget: '0,25' })?.budgetMicroUsd,
  ).toBe(250_000)
  for (const budget of ['', '-1', '101', 'much'])
    expect(settingsOf({ admission: 'nobody', asking: 'nobody', turns: '5', budget })).toBeNull()
})
