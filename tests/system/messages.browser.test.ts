/** Messages in Chromium, before a computer whose conversations are a test's own: how they look, and that all can use them. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConversationMessage, ConversationView } from '../../apps/instance/src/conversations/protocol.ts'
import { DEVICES } from '../support/chromium.ts'
import { type Computer, openComputer } from '../support/computer.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 4, 5, 10, minute)).toISOString()
const message = (
  id: string,
  isMine: boolean,
  words: string | null,
  kind: ConversationMessage['kind'] = 'chat',
  minute = 0,
): ConversationMessage => ({
  ...{ id, isMine, words, kind, isEdited: false, at: at(minute), state: isMine ? 'sent' : 'received' },
})
const alice = { userId: '@alice:mos.test', handle: 'alice', isAi: false }
const bobAi = { userId: '@bob_ai:mos.test', handle: 'bob', isAi: true }
const eve = { userId: '@eve-from-somewhere-else:matrix.example', handle: null, isAi: false }
const SAID: Record<string, ConversationMessage[]> = {
  a: [
    message('1', false, 'Hi! Is your pixel clock open to anyone?', 'chat', 1),
    message('2', true, 'Yes, at clock--ada-lovelace-of-london.mos.test. Tell me what you think!', 'chat', 2),
    message('3', false, null, 'chat', 3),
    message('4', false, 'It keeps good time. Could it show two time zones?', 'chat', 4),
  ],
  b: [
    message('5', true, 'Which colours does your dashboard use for warnings?', 'question', 5),
    message('6', false, 'Amber for what can wait, red for what cannot. Both pass 4.5 to 1.', 'answer', 6),
  ],
  c: [message('7', false, 'Hello, may I write to you?', 'chat', 7)],
}
const none = { turns: 0, turnLimit: 0, spentMicroUsd: 0, budgetMicroUsd: 0, stopped: null, unread: 0 }
const effort = { turns: 20, turnLimit: 20, spentMicroUsd: 42_000, budgetMicroUsd: 500_000 }
const LIST: ConversationView[] = [
  { ...none, id: 'c', as: 'person', with: eve, state: 'invited', unread: 1, last: SAID.c?.[0] ?? null },
  {
    ...none,
    ...effort,
    id: 'b',
    as: 'ai',
    with: bobAi,
    state: 'stopped',
    stopped: 'turns',
    last: SAID.b?.[1] ?? null,
  },
  { ...none, id: 'a', as: 'person', with: alice, state: 'open', unread: 2, last: SAID.a?.[3] ?? null },
]
const SETTINGS = { admission: 'following', asking: 'following', turnLimit: 20, budgetMicroUsd: 500_000 }

describeReal(['chromium'], 'messages', () => {
  let computer: Computer
  let socket: WebSocketRoute | undefined
  const list = new Map(LIST.map((one) => [one.id, one]))
  const button = (name: string | RegExp) => computer.page.getByRole('button', { name })
  const isAccessible = async (name: string) => {
    await computer.person.picture(name)
    expect.soft(await computer.violations(), name).toEqual([])
  }

  beforeAll(async () => {
    computer = await openComputer('messages')
    const { page } = computer
    await page.routeWebSocket('**/ws/conversations', (connection) => {
      socket = connection
    })
    await page.route('**/api/conversations**', (route) =>
      route.fulfill({ json: { state: 'ready', trouble: null, conversations: [...list.values()] } }),
    )
    await page.route('**/api/conversations/settings', (route) => route.fulfill({ json: SETTINGS }))
    await page.route('**/api/conversations/*/messages**', async (route) => {
      const id = new URL(route.request().url()).pathname.split('/').at(-2) ?? ''
      if (route.request().method() === 'GET')
        return route.fulfill({ json: { messages: SAID[id], hasMore: id === 'a' } })
      const sent = route.request().postDataJSON()
      await route.fulfill({ json: message(sent.id, true, sent.words, 'chat', 8) })
    })
    await page.route(/\/api\/conversations\/\w\/(read|accept|resume)$/, async (route) => {
      const id = new URL(route.request().url()).pathname.split('/').at(-2) ?? ''
      const isRead = route.request().url().endsWith('/read')
      const one = list.get(id)
      if (!one) return route.abort()
      const next: ConversationView = {
        ...{ ...one, unread: 0 },
        ...(!isRead && { state: 'open', stopped: null, turns: 0 }),
      }
      list.set(id, next)
      await route.fulfill({ json: next })
    })
    await page.reload()
    await computer.isAwake()
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())

  it('counts at the dock what waits, and shows who wrote', async () => {
    await button('Messages, 3 new').waitFor()
    await computer.openPart('Messages')
    await button(/@alice.*2 unread/).waitFor()
    await isAccessible('1-list')
  })

  it('shows a conversation, sends, and hears what comes', async () => {
    await button(/@alice.*2 unread/).click()
    await computer.page.getByText(/cannot be read here/).waitFor()
    await button('Messages, 1 new').waitFor()
    const field = computer.page.getByRole('textbox', { name: 'Message' })
    await field.fill('Good idea. I will try.')
    await field.press('Enter')
    await computer.page.getByText('Good idea. I will try.').waitFor()
    const words = message('9', false, 'Thank you!', 'chat', 9)
    socket?.send(JSON.stringify({ kind: 'message', conversation: 'a', message: words }))
    await computer.page.getByText('Thank you!').waitFor()
    await isAccessible('2-talk')
  })

  it('shows what AIs said to each other, and why they stopped', async () => {
    await button(/@bob’s AI/).click()
    await computer.page.getByText(/Stopped after 20 messages/).waitFor()
    await isAccessible('3-ais')
    await button('Let it go on').click()
    await computer.page.getByPlaceholder('Ask @bob’s AI, as your AI').waitFor()
  })

  it('asks before a stranger is let in', async () => {
    await button(/@eve-from/).click()
    await computer.page.getByText(/would like to message you/).waitFor()
    await isAccessible('4-invited')
    await button('Accept').click()
    await computer.page.getByRole('textbox', { name: 'Message' }).waitFor()
  })

  it('begins a new one, and keeps limits', async () => {
    await button('New').click()
    await computer.page.getByRole('form', { name: 'New message' }).waitFor()
    await isAccessible('5-new')
    await button('Who may write, and limits').click()
    await computer.page.getByRole('radio', { name: 'People I follow' }).first().waitFor()
    // In a low window, it scrolls: nothing lies over the next.
    const overlaps = await computer.page
      .getByRole('form', { name: 'Settings of messages' })
      .locator('> *')
      .evaluateAll((all) => {
        const boxes = all.map((each) => each.getBoundingClientRect())
        return boxes.filter(({ bottom }, i) => bottom > (boxes[i + 1]?.top ?? Number.POSITIVE_INFINITY) + 1)
          .length
      })
    expect(overlaps).toBe(0)
    await isAccessible('6-settings')
  })

  it('shows one thing at a time on a phone', async () => {
    const { page } = computer
    await page.setViewportSize(DEVICES.phone)
    const names = page.getByRole('navigation', { name: 'Conversations' })
    await button('Back').last().click()
    await names.waitFor()
    await names.getByRole('button', { name: /@alice/ }).click()
    await names.waitFor({ state: 'hidden' })
    await button('All conversations').click()
    await names.waitFor()
  })
})
