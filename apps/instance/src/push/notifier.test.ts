import { createECDH, randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createAtomicWriter } from '../files/atomic.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { createCreditsTeller } from './away.ts'
import { openPushStore, PUSH_FILE } from './file.ts'
import { createNotifier } from './notifier.ts'
import type { PushRequest } from './post.ts'
import { pushSubscription } from './protocol.ts'
import { createSeal, newVapidKeys } from './seal.ts'

const MESSAGE = { title: 'ada’s computer', body: 'make has ended.', tag: 'terminal-1', path: '/' }

/** A browser, as far as a sender knows it. */
function subscriber(name: string) {
  const keys = createECDH('prime256v1')
  return pushSubscription.parse({
    endpoint: `https://push.example.net/${name}`,
    keys: { p256dh: keys.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
  })
}

async function setUp(answer: (request: PushRequest) => number = () => 201) {
  const folder = await temporaryFolder()
  await mkdir(join(folder.path, 'system'))
  const store = openPushStore({ root: folder.path, write: createAtomicWriter(), newKeys: newVapidKeys })
  const posted: PushRequest[] = []
  const onFailure = vi.fn()
  const notifier = createNotifier({
    store,
    seal: createSeal('https://ada.example.org'),
    post: async (request) => {
      posted.push(request)
      return answer(request)
    },
    onFailure,
  })
  const kept = async () => JSON.parse(await readFile(join(folder.path, PUSH_FILE), 'utf8'))
  return { notifier, store, posted, onFailure, kept, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] }
}

test('has keys of its own, the same each time', async () => {
  await using it = await setUp()
  const { publicKey } = await it.notifier.offer()
  expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65)
  expect(await it.notifier.offer()).toEqual({ publicKey })
})

test('sends what is signed and encrypted, to each device once', async () => {
  await using it = await setUp()
  const one = subscriber('one')
  for (const each of [one, one, subscriber('two')]) await it.notifier.subscribe(each)
  expect(await it.notifier.send(MESSAGE)).toBe(2)
  const [first] = it.posted
  expect(first?.endpoint).toBe(one.endpoint)
  expect(first?.headers).toMatchObject({ 'Content-Encoding': 'aes128gcm', TTL: 86_400 })
  expect(first?.headers.Authorization).toMatch(/^vapid t=.+, k=.+/)
  expect(first?.body.includes('make has ended')).toBe(false)
})

test('tells nobody who did not ask, and writes no keys for that', async () => {
  await using it = await setUp()
  expect(await it.notifier.send(MESSAGE)).toBe(0)
  await expect(it.kept()).rejects.toThrow('ENOENT')
})

test('forgets a device that its push service forgot, and none that it merely could not reach', async () => {
  await using it = await setUp(({ endpoint }) => (endpoint.endsWith('gone') ? 410 : 503))
  for (const name of ['gone', 'busy']) await it.notifier.subscribe(subscriber(name))
  expect(await it.notifier.send(MESSAGE)).toBe(0)
  expect((await it.kept()).subscribers).toMatchObject([{ endpoint: 'https://push.example.net/busy' }])
  expect(it.onFailure).toHaveBeenCalledWith('push.example.net', expect.anything())
  await it.notifier.unsubscribe('https://push.example.net/busy')
  expect((await it.kept()).subscribers).toEqual([])
})

test('keeps the ten newest devices', async () => {
  await using it = await setUp()
  for (let count = 0; count < 12; count++) await it.notifier.subscribe(subscriber(String(count)))
  const { subscribers } = await it.kept()
  expect(subscribers).toHaveLength(10)
  expect(subscribers[0].endpoint).toBe('https://push.example.net/2')
})

test.each([
  'http://push.example.net/x',
  'https://push.example.net:8443/x',
  'https://user@push.example.net/x',
  'file:///etc/passwd',
  'nonsense',
])('takes no subscriber at %s', (endpoint) => {
  const { keys } = subscriber('x')
  expect(pushSubscription.safeParse({ endpoint, keys }).success).toBe(false)
})

test('tells each threshold of the credits once, and not to whoever is here', async () => {
  await using it = await setUp()
  await it.notifier.subscribe(subscriber('one'))
  const send = vi.fn(async () => 1)
  let alert: 80 | 100 | null = null
  let isHere = false
  const look = createCreditsTeller({
    credits: async () => ({ alert }),
    store: it.store,
    notifier: { send },
    isSomebodyHere: () => isHere,
    handle: 'ada',
  })
  await look()
  alert = 80
  await look()
  await look()
  expect(send).toHaveBeenCalledTimes(1)
  isHere = true
  alert = 100
  await look()
  isHere = false
  await look()
  expect(send).toHaveBeenCalledTimes(1)
  alert = null
  await look()
  alert = 100
  await look()
  expect(send).toHaveBeenCalledTimes(2)
  expect(send).toHaveBeenLastCalledWith(
    expect.objectContaining({ body: 'Your AI credits are used up.', path: '/.mos/credits' }),
  )
})
