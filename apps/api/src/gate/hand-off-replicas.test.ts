/** The hand-off to an instance that another api process made a moment ago. */
import { hostsOf, newId, scopesOf } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { COOKIES } from '../http/cookies.ts'
import { sha256 } from '../keys.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createTenantStore, type InstanceRow } from '../tenants/store.ts'
import { createAppTokens } from './app-token.ts'
import { createHandOff, type HandOffOptions } from './hand-off.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

type Ticket = Parameters<HandOffOptions['store']['insertTicket']>[0]

/** An api process whose cache is empty; its one ticket is kept in memory. */
function handOffFor({ userId, handle }: InstanceRow) {
  const sessionId = newId('ses', systemClock)
  let ticket: Ticket | null = null
  const at = new Date()
  const session = {
    ...{
      id: sessionId,
      userId,
      userAgent: '',
      address: '',
      method: 'passkey' as const,
      createdAt: at,
      authenticatedAt: at,
      lastUsedAt: at,
    },
    ...{ expiresAt: at, refreshNumber: 0, refreshedAt: at },
  }
  const store = createTenantStore(sleepers.database)
  const handOff = createHandOff({
    hosts: hostsOf('http://localhost'),
    cache: { ofHandle: () => undefined },
    shares: { of: () => undefined },
    tenants: { find: async (name) => (await store.byHandle(name)) ?? undefined },
    store: {
      insertTicket: async (made) => {
        ticket = made
      },
      takeTicket: async () => ticket,
    },
    sessions: { session: async () => ({ session, handle, role: 'member' }) },
    tokens: createAppTokens({ platformSecret: 'p'.repeat(43), clock: systemClock }),
    limit: { take: async () => {}, check: async () => {}, giveBack: async () => {} },
    clock: systemClock,
  })
  const person = { userId, handle, role: 'member', scopes: scopesOf('member'), provedAt: at } as const
  const principal = { how: 'session', sessionId, ...person } as const
  return { handOff, principal }
}

it('leads there all the same', async () => {
  const row = await sleepers.instance()
  const { handOff, principal } = handOffFor(row)
  const nonce = 'n'.repeat(43)
  const url = new URL(await handOff.launch(principal, { handle: row.handle, rt: '/notes', n: sha256(nonce) }))
  expect(url.hostname).toBe(`${row.handle}.localhost`)
  const request = { host: url.hostname, headers: { cookie: `${COOKIES.handOff.name}=${nonce}` } }
  const ticket = url.searchParams.get('ticket') ?? ''
  const { cookies, location } = await handOff.callback(request, { ticket, rt: '/notes' })
  expect(location).toBe('/notes')
  expect(cookies[0]).toContain(COOKIES.app.name)
})
