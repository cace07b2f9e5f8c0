// @vitest-environment happy-dom
/** Messages as their owner sees them, before a computer that is a test's own. */
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ConversationsEvent, ConversationView } from '../../../src/conversations/protocol.ts'
import { OWNER } from '../../shell/testing.ts'
import { Away, Refused } from './model/client.ts'
import { createConversationsSession } from './model/session.ts'
import { MessagesOf } from './part.tsx'
import { conversation, createFakeComputer, message } from './testing.ts'

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('matchMedia', () => ({
    matches: true,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }))
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function show(list: ConversationView[], target: unknown = null) {
  const computer = createFakeComputer(list)
  let count = 0
  const session = createConversationsSession({
    ...{ client: computer.client, open: computer.open },
    newId: () => `page-message-${++count}`,
    now: () => new Date('2026-05-05T12:00:00.000Z'),
  })
  const nothing = () => undefined
  const rest = {
    setTitle: nothing,
    setTarget: nothing,
    onBeforeClose: nothing,
    close: nothing,
    open: nothing,
  }
  render(<MessagesOf {...{ session, target, me: OWNER, isActive: true, ...rest }} />)
  act(() => computer.connect())
  const tell = (event: ConversationsEvent) => act(() => computer.tell(event))
  return { computer, tell, user: userEvent.setup() }
}

test('lists who wrote, what waits and whose conversation it is', async () => {
  show([
    conversation({ id: 'a', unread: 2, last: message({ words: 'Lunch?' }) }),
    conversation({
      id: 'b',
      as: 'ai',
      with: { userId: '@bob_ai:x', handle: 'bob', isAi: true },
      turnLimit: 20,
    }),
    conversation({ id: 'c', state: 'invited', with: { userId: '@eve:else', handle: null, isAi: false } }),
  ])
  const list = within(await screen.findByRole('navigation', { name: 'Conversations' }))
  expect(list.getByRole('button', { name: /@alice.*Lunch\?.*2 unread/ })).toBeTruthy()
  expect(list.getByRole('button', { name: /@bob’s AI.*With your AI/ })).toBeTruthy()
  expect(list.getByRole('button', { name: /@eve:else.*Waits for your answer.*1 unread/ })).toBeTruthy()
})

test('shows what was said, reads it for its owner, and hears what comes', async () => {
  const { computer, tell, user } = show([conversation({ id: 'a', unread: 1 })])
  computer.said.a = [message({ id: 'one', words: 'Hi' }), message({ id: 'two', words: null })]
  await user.click(await screen.findByRole('button', { name: /@alice/ }))
  await screen.findByText('Hi')
  screen.getByText(/cannot be read here/)
  await vi.waitFor(() => expect(computer.acts).toEqual(['a read']))
  tell({ kind: 'message', conversation: 'a', message: message({ id: 'three', words: 'Are you there?' }) })
  screen.getByText('Are you there?')
  tell({ kind: 'message', conversation: 'a', message: message({ id: 'two', words: 'Now it can be read' }) })
  expect(screen.queryByText(/cannot be read here/)).toBeNull()
})

test('sends what is written, once, also when the answer is lost', async () => {
  const { computer, user } = show([conversation({ id: 'a' })], { conversation: 'a' })
  computer.failNext = new Away('No answer.')
  await user.type(await screen.findByRole('textbox', { name: 'Message' }), 'Hello{Enter}')
  expect((await screen.findByText('Sending …')).textContent).toBe('Sending …')
  act(() => computer.connect())
  await vi.waitFor(() => expect(computer.sent).toEqual(['page-message-1', 'page-message-1']))
  await vi.waitFor(() => expect(screen.queryByText('Sending …')).toBeNull())
  expect(screen.getAllByText('Hello')).toHaveLength(1)
})

test('says why a message was refused, and gives it back', async () => {
  const { computer, user } = show([conversation({ id: 'a' })], { conversation: 'a' })
  computer.failNext = new Refused('@alice does not take messages.')
  await user.type(await screen.findByRole('textbox', { name: 'Message' }), 'Hello{Enter}')
  await screen.findByText('@alice does not take messages.')
  await user.click(screen.getByRole('button', { name: 'Take back' }))
  expect(screen.queryByText('Hello')).toBeNull()
})

test('asks its owner before somebody new is let in', async () => {
  const { computer, user } = show([conversation({ id: 'a', state: 'invited' })], { conversation: 'a' })
  await screen.findByText('@alice would like to message you.')
  expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Accept' }))
  await screen.findByRole('textbox', { name: 'Message' })
  expect(computer.acts).toContain('a accept')
})

test('shows what its AI did, stops it, and lets it go on', async () => {
  const bob = { userId: '@bob_ai:x', handle: 'bob', isAi: true }
  const ais = {
    as: 'ai',
    with: bob,
    turns: 3,
    turnLimit: 20,
    spentMicroUsd: 20_000,
    budgetMicroUsd: 500_000,
  } as const
  const { computer, tell, user } = show([conversation({ id: 'a', ...ais })], { conversation: 'a' })
  await screen.findByText(/3 of 20 messages · \$0\.02 of \$0\.50/)
  await user.click(screen.getByRole('button', { name: 'Stop' }))
  await screen.findByText('You stopped this conversation.')
  const stopped = conversation({ id: 'a', ...ais, turns: 20, state: 'stopped', stopped: 'turns' })
  tell({ kind: 'conversation', conversation: stopped })
  screen.getByText(/Stopped after 20 messages/)
  await user.click(screen.getByRole('button', { name: 'Let it go on' }))
  await screen.findByRole('textbox', { name: 'Message' })
  expect(computer.acts).toEqual(['a stop', 'a resume'])
})

test('begins a conversation, and says what the computer said where it cannot', async () => {
  const { computer, user } = show([], { isNew: true })
  await user.type(await screen.findByRole('textbox', { name: 'Handle' }), '@Bob')
  await user.click(screen.getByRole('radio', { name: 'Their AI' }))
  await user.click(screen.getByRole('radio', { name: 'My AI' }))
  await user.type(screen.getByRole('textbox', { name: 'Message' }), 'What do you build?')
  computer.failNext = new Refused('Nobody here has the handle bob.')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  await screen.findByText('Nobody here has the handle bob.')
  await user.click(screen.getByRole('button', { name: 'Send' }))
  await screen.findByRole('region', { name: 'Conversation with @bob’s AI' })
  const begun = { as: 'ai', handle: 'bob', isAi: true }
  const words = { id: 'page-message-1', words: 'What do you build?' }
  expect(computer.begun).toEqual([
    { ...begun, message: words },
    { ...begun, message: words },
  ])
})

test('keeps who may write and how far its AI may go', async () => {
  const { computer, user } = show([])
  await user.click(await screen.findByRole('button', { name: 'Who may write, and limits' }))
  const may = async (name: RegExp) => within(await screen.findByRole('group', { name }))
  await user.click((await may(/write to you/)).getByRole('radio', { name: 'Nobody' }))
  await user.click((await may(/may ask the AIs of/)).getByRole('radio', { name: 'Everyone' }))
  const turns = screen.getByRole('textbox', { name: /Messages of your AI/ })
  await user.clear(turns)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
  await user.type(turns, '5')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await screen.findByText('Saved.')
  expect(computer.settings).toEqual({
    ...{ admission: 'nobody', asking: 'everyone', turnLimit: 5, budgetMicroUsd: 500_000 },
  })
})

test.each([
  ['off', null, 'Messages are not available here'],
  ['pending', 'The homeserver does not answer.', 'The homeserver does not answer.'],
] as const)('says what is missing when it is %s', async (state, trouble, words) => {
  const { tell } = show([])
  await screen.findByRole('navigation')
  tell({ kind: 'state', state, trouble })
  screen.getByText(words)
})

test('keeps the focus in the conversation that is stopped, and in the list that it goes back to', async () => {
  const { user } = show([conversation({ id: 'a' })])
  await user.click(await screen.findByRole('button', { name: /@alice/ }))
  screen.getByRole('button', { name: 'Stop' }).focus()
  await user.keyboard('{Enter}')
  await screen.findByRole('button', { name: 'Resume' })
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { name: '@alice' })))
  screen.getByRole('button', { name: 'All conversations' }).focus()
  await user.keyboard('{Enter}')
  const list = screen.getByRole('navigation', { name: 'Conversations' })
  await vi.waitFor(() => expect(document.activeElement).toBe(list))
})
