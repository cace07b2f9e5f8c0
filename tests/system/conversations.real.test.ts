/**
 * A platform on Docker, Caddy, PostgreSQL and Synapse, and two people whose AIs talk: what is asked wakes the computer that sleeps, is answered once, and
 * the homeserver knows not a word of it.
 */
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Synapse } from '@matrixos/testing/synapse'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  ConversationMessage,
  ConversationSettings,
  ConversationsView,
  ConversationView,
  MessagesView,
  StartConversation,
} from '../../apps/instance/src/conversations/protocol.ts'
import { keptBy, startHomeserver } from '../support/homeserver.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const SETTINGS: ConversationSettings = {
  ...({ admission: 'everyone', asking: 'everyone' } as const),
  ...{ turnLimit: 100, budgetMicroUsd: 100_000_000 },
}
const MANY = 50
const ANSWERED_WITHIN_MS = 60_000

describeReal(['docker', 'caddy', 'postgres', 'synapse'], 'conversations', () => {
  let synapse: Synapse
  let stack: Stack
  const people = new Map<string, PlatformClient>()

  const clientOf = (handle: string) => {
    const client = people.get(handle)
    if (!client) throw new Error(`${handle} has not signed up.`)
    return client
  }
  const at = (handle: string, path: string) => `${stack.url.replace('//', `//${handle}.`)}${path}`
  async function call<T>(handle: string, method: string, path: string, body?: object): Promise<T> {
    const headers = { 'content-type': 'application/json', 'x-computer-request': '1' }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await clientOf(handle).browser.fetch(at(handle, `/api/conversations${path}`), init)
    const told = await answer.text()
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${told}`)
    return JSON.parse(told)
  }
  const list = async (handle: string) => (await call<ConversationsView>(handle, 'GET', '')).conversations
  const messagesIn = async (handle: string, id: string): Promise<ConversationMessage[]> =>
    (await call<MessagesView>(handle, 'GET', `/${id}/messages`)).messages
  async function allMessages(handle: string, id: string): Promise<ConversationMessage[]> {
    const pages: ConversationMessage[][] = []
    for (let before = ''; ; before = `?before=${pages[0]?.[0]?.id}`) {
      const page = await call<MessagesView>(handle, 'GET', `/${id}/messages${before}`)
      pages.unshift(page.messages)
      if (!page.hasMore) return pages.flat()
    }
  }
  const start = (handle: string, asked: StartConversation) =>
    call<ConversationView>(handle, 'POST', '', asked)
  const observed = async (handle: string) => (await clientOf(handle).trpc.tenants.mine.query()).observed

  beforeAll(async () => {
    const homeserver = await startHomeserver()
    synapse = homeserver.synapse
    stack = await bootStack({ parts: 'real', env: homeserver.env })
    for (const handle of ['ada', 'bob']) {
      const client = stack.client()
      people.set(handle, client)
      await signUp({ client, authenticator: createAuthenticator(), handle })
      await waitUntilRunning(client)
      await client.browser.navigate(at(handle, '/'))
      await until(
        'its accounts are made',
        async () => (await call<ConversationsView>(handle, 'GET', '')).state === 'ready',
        30_000,
      )
      await call(handle, 'PUT', '/settings', SETTINGS)
    }
  })
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]()
    await synapse?.[Symbol.asyncDispose]()
  })

  it('has an AI that sleeps answer another, and both owners see it', async () => {
    await putInstanceToSleep(clientOf('bob'))
    await until('it sleeps', async () => (await observed('bob')) === 'stopped')
    const message = { id: 'question-1', words: 'Which day suits the zebracrossing?' }
    const asked = await start('ada', { as: 'ai', handle: 'bob', isAi: true, message })
    const answer = async () => (await messagesIn('ada', asked.id)).find(({ kind }) => kind === 'answer')
    await until('it is answered', answer, ANSWERED_WITHIN_MS)
    expect(await observed('bob')).toBe('running')
    const [seen] = await list('bob')
    expect(seen).toMatchObject({ as: 'ai', with: { handle: 'ada', isAi: true }, state: 'open', turns: 1 })
    const theirs = await messagesIn('bob', seen?.id ?? '')
    expect(theirs.map(({ isMine, kind, words }) => ({ isMine, kind, words }))).toEqual([
      { isMine: false, kind: 'question', words: message.words },
      { isMine: true, kind: 'answer', words: (await answer())?.words },
    ])
    for (const [handle, met] of [
      ['ada', 'bob'],
      ['bob', 'ada'],
    ] as const) {
      const feed = () => clientOf(handle).trpc.feed.list.query({ scope: 'following' })
      await expect.poll(feed).toMatchObject({ items: [{ kind: 'met', actor: 'ai', met: { handle: met } }] })
    }
    // Counted once the answer is kept.
    await expect.poll(() => list('ada')).toMatchObject([{ id: asked.id, state: 'open', unread: 1 }])
  })

  it('lets people write to each other', async () => {
    const message = { id: 'hello-bob', words: 'Hello from ada, over the zebracrossing.' }
    const begun = await start('ada', { as: 'person', handle: 'bob', isAi: false, message })
    const seen = async () => (await list('bob')).find((one) => one.as === 'person' && one.unread === 1)
    await until('it is there', seen, ANSWERED_WITHIN_MS)
    const id = (await seen())?.id ?? ''
    await call('bob', 'POST', `/${id}/messages`, { id: 'hello-ada', words: 'Hello yourself.' })
    const back = async () =>
      (await messagesIn('ada', begun.id)).some(({ words }) => words === 'Hello yourself.')
    await until('the answer is there', back, ANSWERED_WITHIN_MS)
  })

  it('answers 50 questions once each, while its parts are killed', async () => {
    const kills = [
      () => stack.crash('bob'),
      async () => {
        await synapse.kill()
        await synapse.start()
      },
      () => stack.kill('api'),
      () => stack.crash('ada'),
      async () => {
        await synapse.kill()
        await synapse.start()
      },
      () => stack.crash('bob'),
    ]
    const id = (await list('ada')).find((one) => one.as === 'ai')?.id ?? ''
    const asked = Array.from({ length: MANY }, (_, i) => ({
      id: `many-${i}-${i}`,
      words: `The zebracrossing ${i}?`,
    }))
    // As the page does: again with the same id until it was taken.
    const ask = (message: (typeof asked)[number]) =>
      until('it is taken', () => call('ada', 'POST', `/${id}/messages`, message).catch(() => null), 60_000)
    for (const [i, message] of asked.entries()) {
      await ask(message)
      if (i % 8 === 4) await kills[(i - 4) / 8]?.()
    }
    const of = async (handle: string, kind: string) => {
      const one = (await list(handle).catch(() => [])).find((each) => each.as === 'ai')
      const all = await allMessages(handle, one?.id ?? '').catch(() => [])
      return all.filter((each) => each.kind === kind).map(({ words }) => words)
    }
    const hasAll = async () => (await of('ada', 'answer')).length > MANY
    await until('all are answered', hasAll, 120_000)
    const questions = ['Which day suits the zebracrossing?', ...asked.map(({ words }) => words)]
    expect((await of('bob', 'question')).toSorted()).toEqual(questions.toSorted())
    expect((await of('ada', 'question')).toSorted()).toEqual(questions.toSorted())
    expect(await of('ada', 'answer')).toHaveLength(MANY + 1)
    expect(await of('bob', 'answer')).toHaveLength(MANY + 1)
    expect((await of('ada', 'answer')).every((words) => words !== null)).toBe(true)
    const told = await clientOf('ada').trpc.feed.list.query({ scope: 'following' })
    expect(told.items.filter(({ kind }) => kind === 'met')).toHaveLength(1)
  }, 240_000)

  it('tells the homeserver nothing of what is said', () => {
    const kept = keptBy(synapse)
    expect(kept.includes('m.room.encrypted')).toBe(true)
    expect(kept.includes('zebracrossing')).toBe(false)
    expect(stack.log()).not.toContain('zebracrossing')
    expect(stack.log()).not.toContain('sent in the clear')
  })
})
