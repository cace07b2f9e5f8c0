import { expect, test } from 'vitest'
import { bootWithApps, edgeHeaders } from '../../testing/apps.ts'

type At = Awaited<ReturnType<typeof bootWithApps>>
type Page = Awaited<ReturnType<At['join']>>

/** The next of that kind; what comes in between is passed over. */
async function next(page: Page, type: string) {
  for (;;) {
    const message = await page.next()
    if (message.type === type) return message
  }
}
const settled = async (page: Page) => {
  page.send({ type: 'ping' })
  await next(page, 'pong')
}

test('tells everybody in a room of the others, and what they say', async () => {
  await using at = await bootWithApps({ game: {} })
  const one = await at.join('game', 'lobby')
  const { you } = await next(one, 'welcome')
  const two = await at.join('game', 'lobby', 'visitor')
  const welcome = await next(two, 'welcome')
  expect(welcome.members).toHaveLength(2)
  const joined = await next(one, 'joined')
  expect(joined).toMatchObject({ member: { id: welcome.you, role: 'visitor', handle: null } })
  two.send({ type: 'presence', data: { name: 'Zed' } })
  expect(await next(one, 'presence')).toEqual({ type: 'presence', id: welcome.you, data: { name: 'Zed' } })
  two.send({ type: 'send', data: [1, 2] })
  expect(await next(one, 'message')).toEqual({ type: 'message', from: welcome.you, data: [1, 2] })
  one.send({ type: 'send', data: 'for you', to: welcome.you })
  expect(await next(two, 'message')).toEqual({ type: 'message', from: you, data: 'for you' })
  two.close()
  expect(await next(one, 'left')).toEqual({ type: 'left', id: welcome.you })
})

test('gives a shared state to whoever comes late, and to nobody once the room is empty', async () => {
  await using at = await bootWithApps({ game: {} })
  const one = await at.join('game', 'lobby')
  one.send({ type: 'set', key: 'turn', value: 'x' })
  one.send({ type: 'set', key: 'turn', value: 'o' })
  one.send({ type: 'set', key: 'gone', value: 1 })
  one.send({ type: 'set', key: 'gone', value: null })
  await settled(one)
  const two = await at.join('game', 'lobby')
  expect(await next(two, 'welcome')).toMatchObject({ state: { turn: { value: 'o', version: 2 } } })
  for (const page of [one, two]) {
    page.close()
    await page.closed
  }
  const later = await at.join('game', 'lobby')
  expect(await next(later, 'welcome')).toMatchObject({ state: {} })
})

test('lets one of two win who change the same thing at once', async () => {
  await using at = await bootWithApps({ game: {} })
  const pages = [await at.join('game', 'lobby'), await at.join('game', 'lobby')]
  for (const [index, page] of pages.entries()) page.send({ type: 'set', key: 'seat', value: index, if: 0 })
  const [one, two] = pages
  if (!one || !two) return
  const seen = await next(one, 'set')
  await Promise.all(pages.map(settled))
  expect(await next(await at.join('game', 'lobby'), 'welcome')).toMatchObject({
    state: { seat: { value: seen.value, version: 1 } },
  })
})

test('keeps rooms of apps apart, and those of one app', async () => {
  await using at = await bootWithApps({ game: {}, other: {} })
  const one = await at.join('game', 'lobby')
  const others = [await at.join('other', 'lobby'), await at.join('game', 'cellar')]
  for (const other of others) {
    expect((await next(other, 'welcome')).members).toHaveLength(1)
    other.send({ type: 'send', data: 'hello' })
    await settled(other)
  }
  one.send({ type: 'ping' })
  expect([(await one.next()).type, (await one.next()).type]).toEqual(['welcome', 'pong'])
})

test('does not tell strangers who the viewers are', async () => {
  await using at = await bootWithApps({ game: {} })
  await at.join('game', 'lobby', 'owner')
  await at.join('game', 'lobby', 'viewer')
  const stranger = await at.join('game', 'lobby', 'visitor')
  const { members } = await next(stranger, 'welcome')
  expect(members).toMatchObject([
    { role: 'owner', handle: 'alice' },
    { role: 'viewer', handle: null },
    { role: 'visitor', handle: null },
  ])
  const owner = await at.join('game', 'lobby', 'owner')
  expect((await next(owner, 'welcome')).members).toMatchObject([{}, { handle: 'bob' }, {}, {}])
})

test('knows a page again that comes back', async () => {
  await using at = await bootWithApps({ game: {} })
  const { id, as } = await (await at.ask('game', '/.app/me')).json()
  const one = await at.join('game', 'lobby', 'owner', as)
  expect(await next(one, 'welcome')).toMatchObject({ you: id })
  const again = await at.join('game', 'lobby', 'owner', as)
  expect(await next(again, 'welcome')).toMatchObject({ you: id, members: [{ id }] })
  expect(await one.closed).toMatchObject({ code: 4001 })
})

test('bounds rooms, members, messages and what they hold', async () => {
  await using at = await bootWithApps({ game: {} })
  const page = await at.join('game', 'lobby')
  const value = 'x'.repeat(15_000)
  for (let n = 0; n < 10; n++) page.send({ type: 'set', key: `k${n}`, value })
  expect(await next(page, 'unset')).toMatchObject({ key: 'k8', reason: 'full', value: null, version: 0 })
  page.send({ type: 'send', data: 'x'.repeat(20_000) })
  expect(await page.closed).toMatchObject({ code: 1008 })
  const pages = await Promise.all(Array.from({ length: 64 }, () => at.join('game', 'full')))
  expect(await (await at.join('game', 'full')).closed).toMatchObject({ code: 4002 })
  for (const one of pages) one.close()
  await Promise.all(pages.map(({ closed }) => closed))
  await Promise.all(Array.from({ length: 32 }, (_, n) => at.join('game', `r${n}`)))
  expect(await (await at.join('game', 'one-more')).closed).toMatchObject({ code: 4002 })
})

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

test.each([
  ['send', 'data', 8_000],
  ['presence', 'data', 900],
  ['set', 'value', 8_000],
])('outlives a %s of something so deep that it cannot be passed on', async (type, field, levels) => {
  await using at = await bootWithApps({ game: {} })
  const page = await at.join('game', 'lobby')
  const stranger = await at.join('game', 'lobby', 'visitor')
  const say = (much: number) => stranger.sendText(`{"type":"${type}","key":"k","${field}":${deep(much)}}`)
  say(50)
  await settled(stranger)
  say(levels)
  expect(await stranger.closed).toMatchObject({ code: 1008 })
  await settled(page)
})

test('takes no more of a message than a room has room for', async () => {
  await using at = await bootWithApps({ game: {} })
  const stranger = await at.join('game', 'lobby', 'visitor')
  stranger.sendText(' '.repeat(200_000))
  expect(await stranger.closed).toMatchObject({ code: 1009 })
})

test('makes a page wait that says too much', async () => {
  await using at = await bootWithApps({ game: {} })
  const page = await at.join('game', 'lobby')
  const began = performance.now()
  for (let n = 0; n < 180; n++) page.send({ type: 'send', data: n })
  await settled(page)
  // 120 at once, then 60 a second.
  expect(performance.now() - began).toBeGreaterThan(600)
})

test('opens rooms to the app’s own pages alone', async () => {
  await using at = await bootWithApps({ game: {} })
  const open = (headers: Record<string, string>, room = 'lobby') =>
    at.open(`/.app/rooms/${room}`, { headers: { ...edgeHeaders('game', 'owner'), ...headers } })
  await expect(open({})).rejects.toThrow('403')
  await expect(open({ origin: 'https://other--alice.example.org' })).rejects.toThrow('403')
  await expect(open({ origin: 'https://game--alice.example.org' }, 'no%20room')).rejects.toThrow('404')
})
