/** A token that is revoked while its instance runs: worth nothing at once, and its owner is served with the next. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { expect, it, vi } from 'vitest'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import { instanceToken } from '../../apps/api/src/tenants/spec.ts'
import { createTenantStore } from '../../apps/api/src/tenants/store.ts'
import { startApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

it('serves the owner again with a new token, and refuses the old one', async () => {
  await using api = await startApi({ env: { RESYNC_S: '0.1' } })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'ada' })
  await waitUntilRunning(client)
  const row = async () => {
    const [found] = await api.database.db.select().from(instances)
    if (!found) throw new Error('There is no instance.')
    return found
  }
  const statusWith = async (token: string) => {
    const { address } = await row()
    if (!address) return null
    const headers = { authorization: `Bearer ${token}`, 'x-mos-user': 'ada', 'x-mos-role': 'owner' }
    return (await fetch(`http://${address.host}:${address.gatewayPort}/`, { headers })).status
  }
  const tokenOf = async () => instanceToken(api.env.PLATFORM_SECRET, await row())
  const old = await tokenOf()
  expect(await statusWith(old)).toBe(200)

  await createTenantStore(api.database).revokeToken((await row()).id)
  await until('it runs again', async () => (await row()).observed === 'running')
  expect(await tokenOf()).not.toBe(old)
  expect([await statusWith(await tokenOf()), await statusWith(old)]).toEqual([200, 401])
})
