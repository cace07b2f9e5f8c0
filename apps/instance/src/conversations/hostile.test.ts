/** Whoever wants more of somebody else's AI, or of its owner, than they are given. */
import { expect, test } from 'vitest'
import { EVERYONE, question, twoComputers } from '../testing/two-computers.ts'
import type { ConversationView } from './protocol.ts'

test('counts an answer that could not be sent: asking, leaving and coming back gives nothing for nothing', async () => {
  const thinks = Promise.withResolvers<string>()
  await using it = await twoComputers({
    settings: { ...EVERYONE, turnLimit: 1 },
    answer: () => thinks.promise,
  })
  const begun = await it.pages.ada.call<ConversationView>('POST', '', question('First?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['First?'])
  await it.pages.ada.call('POST', `/${begun.id}/stop`)
  await expect.poll(async () => (await it.pages.bob.list())[0]?.stopped).toBe('other')
  thinks.resolve('Too late.')
  await it.bob.room.settled()
  expect(await it.pages.bob.list()).toMatchObject([{ turns: 1, spentMicroUsd: 100 }])
  await it.pages.ada.call('POST', `/${begun.id}/resume`)
  await it.pages.ada.call('POST', `/${begun.id}/messages`, { id: 'question-2', words: 'Second?' })
  await expect.poll(async () => (await it.pages.bob.list())[0]?.stopped).toBe('turns')
  expect(it.bob.asked).toEqual(['First?'])
})

test('hears nobody any more who was let in before they were blocked', async () => {
  const blocks: string[] = []
  await using it = await twoComputers({ blocks, knownForMs: 0 })
  const begun = await it.pages.ada.call<ConversationView>('POST', '', question('Before?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Before?'])
  await it.ada.room.settled()
  await it.bob.room.settled()
  blocks.push('ada')
  await it.pages.ada.call('POST', `/${begun.id}/messages`, { id: 'question-2', words: 'After?' })
  await expect.poll(async () => (await it.pages.ada.list())[0]?.stopped).toBe('other')
  // In another room neither.
  await it.pages.ada.call('POST', `/${begun.id}/resume`)
  await it.pages.ada.call('POST', `/${begun.id}/messages`, { id: 'question-3', words: 'Here?' })
  await expect.poll(async () => (await it.pages.ada.list())[0]?.stopped).toBe('other')
  expect(it.bob.asked).toEqual(['Before?'])
  expect((await it.pages.bob.list())[0]?.state).toBe('stopped')
})

test('takes up so many rooms of one person, and no more strangers than a list can show', async () => {
  await using it = await twoComputers({ settings: { ...EVERYONE, admission: 'following' } })
  await it.bob.room.take({ person: true, ai: true })
  await it.bob.room.settled()
  const own = Array.from({ length: 12 }, () => it.homeserver.invite('@ada:test', '@bob:test'))
  const strangers = Array.from({ length: 120 }, (_, i) =>
    it.homeserver.invite(`@stranger-${i}:elsewhere`, '@bob:test'),
  )
  await it.bob.room.settled()
  const invited = (rooms: string[]) =>
    rooms.filter((id) => it.homeserver.rooms.get(id)?.members.get('@bob:test') === 'invite').length
  await expect.poll(() => invited(own)).toBe(10)
  await expect.poll(() => invited(strangers)).toBe(99)
  await expect.poll(async () => (await it.pages.bob.list()).length).toBe(100)
})

test.each([
  ['everyone', [], 'Re: When?'],
  ['following', ['bob'], 'Re: When?'],
  ['following', [], 'lets their AI ask only the AIs of people they follow'],
  ['nobody', ['bob'], 'lets their AI ask nobody'],
] as const)(
  'lets its AI ask by itself whom its owner says: %s, following %j',
  async (asking, follows, told) => {
    await using it = await twoComputers({}, { follows: [...follows] })
    await it.pages.ada.call('PUT', '/settings', { ...EVERYONE, asking })
    const answer = it.ada.room
      .ask({ id: 'call.1', handle: '@bob_ai', words: 'When?' })
      .catch((error: Error) => error.message)
    await it.bob.room.take({ person: false, ai: true })
    expect(await answer).toContain(told)
    expect(it.bob.asked).toEqual(told === 'Re: When?' ? ['When?'] : [])
  },
)

test('lets its AI ask only whom its owner follows before they say so, also where settings were kept before', async () => {
  await using it = await twoComputers()
  const { asking: _, ...before } = EVERYONE
  expect(await it.pages.ada.call('PUT', '/settings', before)).toMatchObject({ asking: 'following' })
})

test('shows its conversations whatever time another homeserver says that something was said', async () => {
  await using it = await twoComputers()
  await it.bob.room.take({ person: true, ai: false })
  const roomId = it.homeserver.invite('@eve:elsewhere', '@bob:test')
  await it.bob.room.settled()
  const [one] = await it.pages.bob.list()
  await it.pages.bob.call('POST', `/${one?.id}/accept`)
  for (const at of [9_007_199_254_740_991, -9_007_199_254_740_991])
    it.homeserver.say(roomId, '@eve:elsewhere', { msgtype: 'm.text', body: `At ${at}` }, at)
  await expect.poll(async () => (await it.pages.bob.messages(one?.id ?? '')).length).toBe(2)
  expect(await it.pages.bob.list()).toMatchObject([{ last: { at: '9999-12-31T23:59:59.999Z' } }])
})
