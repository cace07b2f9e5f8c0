import { expect, it, vi } from 'vitest'
import { memoryLimit } from '../limits/attempt-limit.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createHostLookup } from './host-lookup.ts'

const LIMIT = 3
const refused = { code: 'too_many_requests' }

function lookup(found?: InstanceRow) {
  const find = vi.fn(async () => found)
  const limit = memoryLimit({ name: 'test', attempts: LIMIT, seconds: 60, message: 'Too many addresses.' })
  return { find, of: createHostLookup({ cache: { ofHandle: () => undefined }, tenants: { find }, limit }) }
}

it('counts repeated requests for one unknown host, which a page answers with a query of its own', async () => {
  const { find, of } = lookup()
  for (let i = 0; i < LIMIT; i++) expect(await of('nobody', 'network')).toBeUndefined()
  await expect(of('nobody', 'network')).rejects.toMatchObject(refused)
  expect(await of('nobody', 'another network')).toBeUndefined()
  expect(find).toHaveBeenCalledOnce()
})

it('does not count hosts that the database knows', async () => {
  const row = { handle: 'ada' } as InstanceRow
  const { of } = lookup(row)
  for (let i = 0; i <= LIMIT; i++) expect(await of('ada', 'network')).toBe(row)
})
