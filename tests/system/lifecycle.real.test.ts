/** Sleeping and waking as people meet it, on the embedded defaults and on Docker, Caddy and PostgreSQL. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { deleteInstance, putInstanceToSleep, signUp } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { refusal } from '../support/api-error.ts'
import { bootStack, STACKS, type Stack, TWO_DOMAIN_STACKS } from '../support/stack.ts'

const SHORT = { IDLE_LIMIT_S: '2', IN_FLIGHT_INTERVAL_MS: '200', PAGE_AFTER_S: '0.1', RESYNC_S: '0.5' }
const OTHERS = 20
/** A route is changed in the same way, whatever the names. */
const OTHERS_WITH_OTHER_NAMES = 5
/** Of these, who come at once. */
const AT_ONCE = 5
/** For the end of a session 5 s are promised; the rest is for a busy machine. */
const REVOKED_MS = 15_000

for (const { name, parts, needs, domains } of [...STACKS, ...TWO_DOMAIN_STACKS]) {
  describeReal(needs, `an instance's days (${name})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts, ...(domains && { domains }), env: SHORT })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string): Promise<{ client: PlatformClient; url: string }> {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      const url = client.hosts.instanceOrigin(handle)
      // On a busy machine it may be asleep again before its state is read: a visit is what people do, too.
      await openInstance(client, url)
      return { client, url }
    }
    const stateOf = async (client: PlatformClient) => (await client.trpc.tenants.mine.query()).observed
    const asleep = (client: PlatformClient) =>
      until('it sleeps', async () => (await stateOf(client)) === 'stopped', 30_000)
    /** How often it was started, by its own word: the reference instance names its boot. */
    const bootOf = async (client: PlatformClient, url: string): Promise<string> => {
      const response = await client.browser.fetch(`${url}/health`)
      expect(response.status).toBe(200)
      return String((await response.json()).bootedAt)
    }

    it('greets its owner by handle', async () => {
      const { client, url } = await person('greeted')
      expect((await client.browser.fetch(`${url}/api/me`)).status).toBe(200)
      expect(await (await client.browser.fetch(`${url}/api/me`)).json()).toMatchObject({ handle: 'greeted' })
    })

    it('stops when idle; the next request wakes it, and the note pad is intact', async () => {
      const { client, url } = await person('noter')
      const notes = await openNotes(client, 'noter')
      await notes.save('milk, eggs, ünïcode')
      await notes.close()
      await asleep(client)
      const woken = await client.browser.fetch(`${url}/api/me`)
      expect(woken.status).toBe(200)
      const again = await openNotes(client, 'noter')
      expect(again.text).toBe('milk, eggs, ünïcode')
      await again.close()
    })

    it('connects a WebSocket to a sleeping instance', async () => {
      const { client } = await person('wsleeper')
      await putInstanceToSleep(client)
      await asleep(client)
      const notes = await openNotes(client, 'wsleeper')
      await notes.save('woken by a socket')
      await notes.close()
    })

    it('answers a hundred requests at once from one boot', async () => {
      const { client, url } = await person('crowd')
      const before = await bootOf(client, url)
      await asleep(client)
      const answers = await Promise.all(Array.from({ length: 100 }, () => bootOf(client, url)))
      expect(new Set(answers).size).toBe(1)
      expect(answers[0]).not.toBe(before)
    })

    it('closes open streams soon after the session ends, and the page must sign in', async () => {
      const { client, url } = await person('leaver')
      const notes = await openNotes(client, 'leaver')
      const closed = new Promise((resolve) => notes.socket.once('close', resolve))
      await client.trpc.auth.logoutEverywhere.mutate()
      const began = performance.now()
      await closed
      expect(performance.now() - began).toBeLessThan(REVOKED_MS)
      expect((await client.browser.fetch(`${url}/health`)).status).toBe(401)
    })

    it('starts again by itself after a crash', async () => {
      const { client, url } = await person('crasher')
      const notes = await openNotes(client, 'crasher')
      await notes.save('before the crash')
      const before = await bootOf(client, url)
      await stack.crash('crasher')
      const again = await until('another boot answers', async () => {
        const response = await client.browser.fetch(`${url}/health`)
        return response.status === 200 && String((await response.json()).bootedAt) !== before
      })
      expect(again).toBe(true)
      const reopened = await openNotes(client, 'crasher')
      expect(reopened.text).toBe('before the crash')
      await reopened.close()
    })

    it('shows a page with progress to a person who would wait, which leads on by itself', async () => {
      const { client, url } = await person('pager')
      await putInstanceToSleep(client)
      await asleep(client)
      const first = await client.browser.navigate(url)
      // A container takes longer than this stack's 0.1 s; a child process may be faster.
      if (parts === 'real') expect(first.status).toBe(503)
      if (first.status === 503) {
        expect(first.headers.get('retry-after')).toBe('2')
        expect(await first.text()).toContain('Waking pager')
      }
      const progress = await client.browser.fetch(`${url}/.mos/progress`)
      expect(await progress.text()).toContain('"ready":true')
    })

    it('keeps a WebSocket open while others sign up, sleep and wake, several at once', async () => {
      const a = await person('steady')
      const notes = await openNotes(a.client, 'steady')
      let closed = false
      notes.socket.once('close', () => {
        closed = true
      })
      const sleepsAndWakes = async (handle: string) => {
        const { client, url } = await person(handle)
        await putInstanceToSleep(client)
        await asleep(client)
        expect((await client.browser.fetch(`${url}/api/me`)).status).toBe(200)
      }
      for (let met = 0; met < (domains ? OTHERS_WITH_OTHER_NAMES : OTHERS); met += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => sleepsAndWakes(`busy${met + index}`)))
      expect(closed).toBe(false)
      await notes.save('unbroken')
      await notes.close()
    }, 180_000)

    it('deletes everything, and keeps the handle from others', async () => {
      const { client, url } = await person('leaving')
      const home = join(stack.dataDir, 'instances', 'leaving', HOME_FOLDER)
      expect(existsSync(home)).toBe(true)
      await deleteInstance(client, 'leaving')
      await until('the account is gone', async () => {
        const { status } = await stack.client().trpc.auth.handleAvailability.query({ handle: 'leaving' })
        const page = await stack.client().browser.navigate(url)
        return status === 'taken' && page.status === 404
      })
      await until(
        'home and container are gone',
        async () => !existsSync(home) && (await stack.instancesOf('leaving')) === 0,
      )
      // The account goes last, a moment after its container.
      const ended = await until('the session has ended', () =>
        refusal(client.trpc.auth.me.query()).catch(() => null),
      )
      expect(ended.code).toBe('unauthorized')
    })
  })
}
