/** What was owed is done after a kill, or once it can be. */
import { expect, test } from 'vitest'
import { openFakeComputer } from '../testing/conversations.ts'
import { pageOf, question, twoComputers } from '../testing/two-computers.ts'
import type { ConversationView } from './protocol.ts'

test('goes on after a kill with what it owed, and answers nothing twice', async () => {
  await using it = await twoComputers()
  await it.pages.ada.call('POST', '', question('Before?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Before?'])
  await it.ada.room.settled()
  await it.bob.room.settled()
  await it.bob.room.stop()
  const [one] = await it.pages.ada.list()
  await it.pages.ada.call('POST', `/${one?.id}/messages`, { id: 'question-2', words: 'After?' })
  await it.ada.room.settled()
  const next = await openFakeComputer({ homeserver: it.homeserver, handle: 'bob', root: it.folders.bob.path })
  await next.room.take({ person: false, ai: true })
  await expect.poll(() => next.asked).toEqual(['After?'])
  await next.room.settled()
  await next.room.stop()
})

test('leaves what its owner stopped as soon as the homeserver can be told, also after a kill', async () => {
  await using it = await twoComputers()
  await it.pages.ada.call('POST', '', question('Hello?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect.poll(() => it.bob.asked).toEqual(['Hello?'])
  await it.ada.room.settled()
  await it.bob.room.settled()
  const [one] = await it.pages.bob.list()
  it.homeserver.faults.isAway = true
  expect(await it.pages.bob.call('POST', `/${one?.id}/stop`)).toMatchObject({ state: 'stopped' })
  const [room] = it.homeserver.rooms.values()
  it.homeserver.say(room?.id ?? '', '@ada_ai:test', { body: 'Still there?', msgtype: 'm.text' })
  await it.bob.room.stop()
  expect(room?.members.get('@bob_ai:test')).toBe('join')
  it.homeserver.faults.isAway = false
  const next = await openFakeComputer({ homeserver: it.homeserver, handle: 'bob', root: it.folders.bob.path })
  await next.room.settled()
  expect(room?.members.get('@bob_ai:test')).toBe('leave')
  await expect.poll(async () => (await it.pages.ada.list())[0]?.stopped).toBe('other')
  await using page = await pageOf(next.room)
  expect((await page.messages(one?.id ?? '')).map(({ words }) => words)).not.toContain('Still there?')
  expect(await page.list()).toMatchObject([{ state: 'stopped', stopped: 'owner' }])
  await next.room.stop()
})

test('answers by itself what could not be answered, though nobody says anything more', async () => {
  const failures = [new Error('The AI is away.'), new Error('It still is.')]
  await using it = await twoComputers({
    answerRetryMs: 5,
    answer: () => {
      const failure = failures.shift()
      if (failure) throw failure
      return 'At last.'
    },
  })
  const begun = await it.pages.ada.call<ConversationView>('POST', '', question('Will you?'))
  await it.bob.room.take({ person: false, ai: true })
  await expect
    .poll(async () => (await it.pages.ada.messages(begun.id)).map(({ words }) => words))
    .toEqual(['Will you?', 'At last.'])
  expect(it.bob.asked).toEqual(['Will you?', 'Will you?', 'Will you?'])
})
