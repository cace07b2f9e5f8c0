import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { glimpse, takeTrouble } from './glimpse.ts'

afterEach(() => void vi.unstubAllGlobals())

/** A platform that answers like this, and the page's `fetch` towards it. */
async function platform(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { fetch } = globalThis
  const asked: string[] = []
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push(path)
    return fetch(origin + path, init)
  })
  return {
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The stream stays open, as the platform's does until the computer is ready. */
const state = (ready: boolean, observed: string, error?: object) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('retry: 1000\n\nid: 4\n')
  response.write(`data: ${JSON.stringify({ ready, observed, step: null, error })}\n\n`)
}
const KILLED = { code: 'instance_unhealthy', message: 'It ran out of memory and was stopped.' }
const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end()

test.each([
  ['awake', 'ready', state(true, 'running')],
  ['awake', 'on its way', state(false, 'starting')],
  ['asleep', 'stopped', state(false, 'stopped')],
  ['asleep', 'going to sleep', state(false, 'running')],
  ['unreachable', 'killed just now', state(false, 'stopped', KILLED)],
  ['awake', 'being started again', state(false, 'starting', KILLED)],
  ['asleep', 'given up', state(false, 'failed', KILLED)],
  ['signed-out', 'refused', status(401)],
  ['awake', 'without a platform', status(404)],
  ['unreachable', 'down', status(503)],
  ['unreachable', 'cut off', (response: ServerResponse) => void response.destroy()],
])('sees %s when it is %s', async (expected, _, answer) => {
  await using it = await platform(answer)
  expect(await glimpse()).toBe(expected)
  expect(it.asked).toEqual(['/.mos/progress'])
})

test('knows why it was killed, and tells it once', async () => {
  await using _ = await platform(state(false, 'starting', KILLED))
  takeTrouble()
  await glimpse()
  expect(takeTrouble()).toBe('It ran out of memory and was stopped.')
  expect(takeTrouble()).toBeNull()
})
