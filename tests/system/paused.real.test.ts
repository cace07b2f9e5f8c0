/** The tier between awake and asleep, on the embedded defaults and on Docker, Caddy and PostgreSQL. */
import { putInstanceToSleep, signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { REQUEST_HEADER } from '../../apps/instance/src/protocol.ts'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const SHORT = { PAUSE_AFTER_S: '2', IDLE_LIMIT_S: '3600', IN_FLIGHT_INTERVAL_MS: '200', RESYNC_S: '0.5' }

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `a computer that dozes (${name})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts, env: SHORT })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string) {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      const url = client.hosts.instanceOrigin(handle)
      await openInstance(client, url)
      return { client, url }
    }
    const stateOf = async (client: PlatformClient) => (await client.trpc.tenants.mine.query()).observed
    const becomes = (client: PlatformClient, observed: string) =>
      until(`it is ${observed}`, async () => (await stateOf(client)) === observed, 30_000)
    const bootOf = async (client: PlatformClient, url: string): Promise<string> => {
      const response = await client.browser.fetch(`${url}/health`)
      expect(response.status).toBe(200)
      return String((await response.json()).bootedAt)
    }

    // All at once: each waits for its own computer.
    it.concurrent('dozes when nobody uses it, and goes on where it was at the next request', async () => {
      const { client, url } = await person('dozer')
      const before = await bootOf(client, url)
      for (let round = 0; round < 3; round++) {
        await becomes(client, 'paused')
        const answers = await Promise.all(Array.from({ length: 20 }, () => bootOf(client, url)))
        expect(new Set(answers)).toEqual(new Set([before]))
      }
    })

    it.concurrent('does not doze while a WebSocket is open, and connects one to a computer that does', async () => {
      const { client } = await person('holder')
      const notes = await openNotes(client, 'holder')
      // Whoever came later and left nothing open has dozed off twice.
      const other = await person('contrast')
      await becomes(other.client, 'paused')
      await openInstance(other.client, other.url)
      await becomes(other.client, 'paused')
      expect(await stateOf(client)).toBe('running')
      await notes.close()
      await becomes(client, 'paused')
      const again = await openNotes(client, 'holder')
      await again.save('woken by a socket')
      await again.close()
    })

    // On PostgreSQL the time can be brought forward; a schedule runs once a minute at most.
    it('goes on for a schedule that is due, and dozes again', {
      concurrent: true,
      skip: parts !== 'real',
    }, async ({ onTestFinished }) => {
      const { client, url } = await person('early')
      const before = await bootOf(client, url)
      const answer = await client.browser.fetch(`${url}/api/schedules/morning`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' },
        body: JSON.stringify({
          cron: '0 9 * * *',
          timezone: 'Europe/Berlin',
          words: 'Say good morning.',
        }),
      })
      expect(answer.status).toBe(200)
      await becomes(client, 'paused')
      const sql = postgres(stack.databaseUrl ?? '', { max: 1, onnotice: () => undefined })
      onTestFinished(() => sql.end())
      const due = () => sql`select last_run_at from schedules where next_run_at > now()`
      await until('it is planned', async () => (await due()).length === 1)
      await sql`update schedules set next_run_at = now() - interval '1 second'`
      await until('it has run', async () => (await due())[0]?.last_run_at instanceof Date, 30_000)
      await becomes(client, 'paused')
      expect(await bootOf(client, url)).toBe(before)
    })

    it.concurrent('is put to sleep by its owner while it dozes, and wakes with all that it had', async () => {
      const { client, url } = await person('deeper')
      const notes = await openNotes(client, 'deeper')
      await notes.save('kept')
      await notes.close()
      await becomes(client, 'paused')
      await putInstanceToSleep(client)
      await becomes(client, 'stopped')
      expect((await client.browser.fetch(`${url}/api/me`)).status).toBe(200)
      const again = await openNotes(client, 'deeper')
      expect(again.text).toBe('kept')
      await again.close()
    })
  })
}
