/** Limits as they are met through the edge, on the embedded defaults and on Docker, Caddy and PostgreSQL. */

import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { UpgradeRefused } from '@matrixos/testing/browser'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { NOTES_PATH } from '../../apps/instance/src/protocol.ts'
import { bootStack, STACKS, type Stack, TWO_DOMAIN_STACKS } from '../support/stack.ts'

const MOST_SOCKETS = 10
const LIMITS = { WEBSOCKETS_PER_INSTANCE: String(MOST_SOCKETS), IN_FLIGHT_INTERVAL_MS: '300' }

for (const { name, parts, needs, domains } of [...STACKS, ...TWO_DOMAIN_STACKS]) {
  describeReal(needs, `limits at the edge (${name})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts, ...(domains && { domains }), env: LIMITS })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string): Promise<{ client: PlatformClient; url: string }> {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      const { url } = await waitUntilRunning(client)
      return { client, url }
    }

    /** The open socket, or the status of the refusal. */
    const connect = (client: PlatformClient, url: string): Promise<WebSocket | number> =>
      client.browser.websocket(`${url.replace(/^http/, 'ws')}${NOTES_PATH}`).catch((error: unknown) => {
        if (error instanceof UpgradeRefused) return error.status
        throw error
      })

    it('opens no more WebSockets to one computer than its limit, and others again once some are closed', async () => {
      const { client, url } = await person('sockets')
      await openInstance(client, url)
      const made = await Promise.all(Array.from({ length: 40 }, () => connect(client, url)))
      const open = made.filter((one) => typeof one !== 'number')
      expect(open.length).toBeLessThanOrEqual(MOST_SOCKETS)
      expect(open.length).toBeGreaterThan(MOST_SOCKETS / 2)
      expect(new Set(made.filter((one) => typeof one === 'number'))).toEqual(new Set([429]))
      // Pages are served all the same, and another person is not concerned.
      expect((await client.browser.fetch(`${url}/health`)).status).toBe(200)
      const other = await person('neighbour')
      await openInstance(other.client, other.url)
      expect(typeof (await connect(other.client, other.url))).not.toBe('number')
      for (const socket of open) socket.close()
      await until(
        'a WebSocket opens again',
        async () => typeof (await connect(client, url)) !== 'number',
        30_000,
      )
    })

    it('opens a computer at a long address, and at one that is too long to keep', async () => {
      const { client, url } = await person('deep')
      const long = `${url}/?${'q'.repeat(7_000)}`
      expect((await openInstance(client, long)).finalUrl).toBe(long)
      const stranger = stack.client()
      for (const cookie of client.browser.jar.all()) {
        if (cookie.host === client.hosts.app) stranger.browser.jar.set(cookie)
      }
      const longest = `${url}/?${'q'.repeat(14_000)}`
      expect((await openInstance(stranger, longest)).finalUrl).toBe(`${url}/`)
    })
  })
}
