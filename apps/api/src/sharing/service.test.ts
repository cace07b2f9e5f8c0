import { hostsOf, newId, scopesOf } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAudit } from '../audit/store.ts'
import { systemClock } from '../clock.ts'
import { requestInfo } from '../http/request.ts'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import { createSharing } from './service.ts'
import { createSharingStore } from './store.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())

it('knows an instance that another api process made a moment ago', async () => {
  const { cache } = await sleepers.process('one')
  const sharing = createSharing({
    store: createSharingStore(sleepers.database),
    shares: { publish: async () => undefined },
    audit: createAudit({ db: sleepers.database.db, clock: systemClock }),
    clock: systemClock,
    hosts: hostsOf('http://localhost'),
    cache,
    mostViewers: 3,
  })
  const { id, userId, handle } = await sleepers.instance()
  const person = { role: 'member', scopes: scopesOf('member'), provedAt: null } as const
  const sessionId = newId('ses', systemClock)
  const principal = { how: 'session', sessionId, userId, handle, ...person } as const
  await expect(
    sharing.list({ principal, request: requestInfo(new Headers(), () => undefined) }, id),
  ).resolves.toEqual([])
})
