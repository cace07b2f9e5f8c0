import { afterEach, expect, test, vi } from 'vitest'
import { PushProblem, switchOn } from './push.ts'

afterEach(() => void vi.unstubAllGlobals())

/** A browser that allows notifications, and a computer that answers like this. */
function browser(answer: (method: string) => Response | Promise<Response>, { isRegistered = true } = {}) {
  const made = { unsubscribe: vi.fn(async () => true), toJSON: () => ({}) }
  const registration = { pushManager: { getSubscription: async () => null, subscribe: async () => made } }
  vi.stubGlobal('navigator', {
    serviceWorker: {
      getRegistration: async () => (isRegistered ? registration : undefined),
      ready: isRegistered ? Promise.resolve(registration) : new Promise(() => undefined),
    },
  })
  vi.stubGlobal('Notification', { requestPermission: async () => 'granted' })
  vi.stubGlobal('fetch', async (_: string, { method = 'GET' }: RequestInit = {}) => answer(method))
  return made
}
const offer = () => Response.json({ publicKey: 'k' })
const full = () => Response.json({ message: 'Your disk is full.' }, { status: 507 })

test('switches on', async () => {
  browser(offer)
  expect(await switchOn()).toBe('on')
})

test.each([
  ['keep the subscriber', (method: string) => (method === 'PUT' ? full() : offer())],
  ['make keys', full],
])('blames no push service where it is the computer that cannot %s', async (_, answer) => {
  browser(answer)
  await expect(switchOn()).rejects.toEqual(new PushProblem('Your disk is full.'))
})

test('says that it cannot be reached', async () => {
  const made = browser((method) => (method === 'PUT' ? Promise.reject(new TypeError('offline')) : offer()))
  await expect(switchOn()).rejects.toThrow('I can’t be reached right now.')
  expect(made.unsubscribe).toHaveBeenCalled()
})

test('waits for no service worker that there is not', async () => {
  browser(offer, { isRegistered: false })
  await expect(switchOn()).rejects.toThrow(/Reload this page/)
})
