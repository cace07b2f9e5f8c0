import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { EVERYONE, question, twoComputers } from '../testing/two-computers.ts'
import { conversationIdOf } from './peer.ts'
import type { ConversationView } from './protocol.ts'

test('asks another AI, which answers once, and an answer is answered by nobody', async () => {
  await using it = await twoComputers()
  const answer = it.ada.room.ask({ id: 'call.1', handle: '@bob_ai', words: 'When?' })
  await it.bob.room.take({ person: false, ai: true })
  expect(await answer).toBe('Re: When?')
  expect(await it.ada.room.ask({ id: 'call.1', handle: 'bob', words: 'When?' })).toBe('Re: When?')
  await it.ada.room.settled()
  await it.bob.room.settled()
  expect(it.bob.asked).toEqual(['When?'])
  expect(it.ada.asked).toEqual([])
  const [seen] = await it.pages.bob.list()
  expect(seen).toMatchObject({ as: 'ai', state: 'open', turns: 1, spentMicroUsd: 100, unread: 1 })
  expect(it.bob.reports).toContain(true)
  expect(it.bob.reports.at(-1)).toBe(false)
})

test('sends a message once, however often it was cut off', async () => {
  await using it = await twoComputers()
  it.homeserver.faults.before = 1
  await it.pages.ada.call('POST', '', question('Once?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Once?'])
  it.homeserver.faults.after = 2
  const [one] = await it.pages.ada.list()
  const again = { id: 'question-2', words: 'Twice?' }
  await it.pages.ada.call('POST', `/${one?.id}/messages`, again)
  await it.pages.ada.call('POST', `/${one?.id}/messages`, again)
  await expect.poll(() => it.bob.asked).toEqual(['Once?', 'Twice?'])
  await it.ada.room.settled()
  const mine = (await it.pages.ada.messages(one?.id ?? '')).filter(({ isMine }) => isMine)
  expect(mine.map(({ words, state }) => [words, state])).toEqual([
    ['Once?', 'sent'],
    ['Twice?', 'sent'],
  ])
})

test('stops a conversation at its turn limit and at its budget, and goes on when its owner says so', async () => {
  for (const [settings, why] of [
    [{ ...EVERYONE, turnLimit: 1 }, 'turns'],
    [{ ...EVERYONE, budgetMicroUsd: 100 }, 'budget'],
  ] as const) {
    await using it = await twoComputers({ settings })
    const begun = await it.pages.ada.call<ConversationView>('POST', '', question('First?'))
    await it.bob.room.take({ person: false, ai: true })
    await expect.poll(() => it.bob.asked).toEqual(['First?'])
    await it.pages.ada.call('POST', `/${begun.id}/messages`, { id: 'question-2', words: 'Second?' })
    await expect
      .poll(async () => (await it.pages.bob.list())[0])
      .toMatchObject({ state: 'stopped', stopped: why })
    expect(it.bob.asked).toEqual(['First?'])
    const [stopped] = await it.pages.bob.list()
    await it.pages.bob.call('POST', `/${stopped?.id}/resume`)
    await expect.poll(() => it.bob.asked).toEqual(['First?', 'Second?'])
  }
})

test('asks the owner about whom they do not follow, and nobody about whom they block', async () => {
  const settings = { ...EVERYONE, admission: 'following' } as const
  {
    await using it = await twoComputers({ settings })
    await it.pages.ada.call('POST', '', question('May I?'))
    await it.bob.room.take({ person: false, ai: true })
    await expect.poll(async () => (await it.pages.bob.list())[0]?.state).toBe('invited')
    expect(it.bob.asked).toEqual([])
    const [one] = await it.pages.bob.list()
    await it.pages.bob.call('POST', `/${one?.id}/accept`)
    await expect.poll(() => it.bob.asked).toEqual(['May I?'])
  }
  {
    await using it = await twoComputers({ settings, follows: ['ada'] })
    await it.pages.ada.call('POST', '', question('May I?'))
    await it.bob.room.take({ person: false, ai: true })
    await expect.poll(() => it.bob.asked).toEqual(['May I?'])
  }
  await using it = await twoComputers({ blocks: ['ada'] })
  await it.pages.ada.call('POST', '', question('May I?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect
    .poll(async () => (await it.pages.ada.list())[0])
    .toMatchObject({ state: 'stopped', stopped: 'other' })
  expect(it.bob.asked).toEqual([])
})

test.each([
  ['accept', ['May I?']],
  ['decline', []],
])('forgets no %s that comes while it is being found out who asks', async (act, asked) => {
  const told = Promise.withResolvers<void>()
  await using it = await twoComputers({
    settings: { ...EVERYONE, admission: 'following' },
    told: told.promise,
  })
  await it.pages.ada.call('POST', '', question('May I?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(async () => (await it.pages.bob.list())[0]?.state).toBe('invited')
  const [one] = await it.pages.bob.list()
  await it.pages.bob.call('POST', `/${one?.id}/${act}`)
  told.resolve()
  await it.bob.room.settled()
  await expect.poll(() => it.bob.asked).toEqual(asked)
  expect((await it.pages.bob.list())[0]?.state).toBe(act === 'accept' ? 'open' : 'stopped')
})

test('keeps a stopped conversation stopped, whoever asks again', async () => {
  await using it = await twoComputers()
  const begun = await it.pages.ada.call<ConversationView>('POST', '', question('Hello?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Hello?'])
  const [one] = await it.pages.bob.list()
  await it.pages.bob.call('POST', `/${one?.id}/stop`)
  await expect.poll(async () => (await it.pages.ada.list())[0]?.stopped).toBe('other')
  await it.pages.ada.call('POST', `/${begun.id}/resume`)
  await it.pages.ada.call('POST', `/${begun.id}/messages`, { id: 'question-2', words: 'Again?' })
  await expect.poll(async () => (await it.pages.ada.list())[0]?.stopped).toBe('other')
  expect(await it.pages.bob.list()).toMatchObject([{ state: 'stopped', stopped: 'owner' }])
  expect(it.bob.asked).toEqual(['Hello?'])
})

test('answers a page that makes sure it is still there', async () => {
  await using it = await twoComputers()
  const sent: string[] = []
  const socket = Object.assign(new EventEmitter(), { send: (text: string) => void sent.push(text) })
  it.ada.room.watch(socket as unknown as WebSocket)
  socket.emit('message', Buffer.from('{"type":"ping"}'))
  expect(sent).toEqual(['{"type":"pong"}'])
})

test('takes the words of nobody else, and leaves a room that somebody else is let into', async () => {
  await using it = await twoComputers()
  const begun = await it.pages.ada.call<ConversationView>('POST', '', question('Only us?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Only us?'])
  await it.ada.room.settled()
  const [room] = it.homeserver.rooms.values()
  it.homeserver.say(room?.id ?? '', '@eve:test', { body: 'I am ada.', msgtype: 'm.text' })
  it.homeserver.letIn(room?.id ?? '', '@eve:test')
  await expect.poll(async () => (await it.pages.bob.list())[0]?.state).toBe('stopped')
  const seen = [
    ...(await it.pages.ada.messages(begun.id)),
    ...(await it.pages.bob.messages(conversationIdOf('ai', '@ada_ai:test'))),
  ]
  expect(seen.map(({ words }) => words)).not.toContain('I am ada.')
  expect(it.bob.asked).toEqual(['Only us?'])
})

test('keeps no more of what nobody has looked at than it has room for', async () => {
  await using it = await twoComputers({ mostUnread: 5 })
  await it.pages.ada.call('POST', '', { ...question('Hi'), as: 'person', isAi: false })
  await it.bob.room.take({ person: true, ai: false })
  await expect.poll(async () => (await it.pages.bob.list())[0]?.unread).toBe(1)
  const [room] = it.homeserver.rooms.values()
  for (let i = 0; i < 8; i++)
    it.homeserver.say(room?.id ?? '', '@ada:test', { body: `Flood ${i}`, msgtype: 'm.text' })
  await it.bob.room.settled()
  await expect.poll(async () => (await it.pages.bob.list())[0]?.unread).toBe(5)
  await it.bob.room.settled()
  expect((await it.pages.bob.list())[0]?.unread).toBe(5)
})

test('takes an edit for the message as it is now, and asks nobody again', async () => {
  await using it = await twoComputers()
  await it.pages.ada.call('POST', '', question('Which day?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Which day?'])
  await it.ada.room.settled()
  await it.bob.room.settled()
  const [room] = it.homeserver.rooms.values()
  const [first] = room?.events ?? []
  if (!room || !first) throw new Error('Nothing was said.')
  const edit = (sender: string, body: string, of = first.id) =>
    it.homeserver.say(room.id, sender, {
      ...{ msgtype: 'm.text', body: `* ${body}`, 'm.new_content': { msgtype: 'm.text', body } },
      'm.relates_to': { rel_type: 'm.replace', event_id: of },
    })
  const seen = async () => {
    await it.bob.room.settled()
    const [one] = await it.pages.bob.list()
    const said = await it.pages.bob.messages(one?.id ?? '')
    return said.map(({ words, isEdited }) => [words, isEdited])
  }
  edit('@ada_ai:test', 'Which week?')
  await expect.poll(seen).toEqual([
    ['Which week?', true],
    ['Re: Which day?', false],
  ])
  // Nobody changes what another said, or what was never said here.
  edit('@bob_ai:test', 'Which year?')
  edit('@ada_ai:test', 'Which century?', '$never')
  it.homeserver.say(room.id, '@ada_ai:test', {
    'm.relates_to': { rel_type: 'm.replace', event_id: first.id },
    body: '* unreadable',
  })
  it.homeserver.say(room.id, '@ada_ai:test', { msgtype: 'm.text', body: 'And now?' })
  await expect.poll(async () => (await seen()).length).toBe(4)
  expect((await seen())[0]).toEqual(['Which week?', true])
  expect(it.bob.asked).toEqual(['Which day?', 'And now?'])
})
