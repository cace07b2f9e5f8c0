/** Prices on the administrators' page, of a running api. */
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

let api: TestApi
let admin: PlatformClient
beforeAll(async () => {
  api = await startApi({ pretended: true })
  admin = (await newAdmin(api, 'rootadmin')).client
})
afterAll(() => api[Symbol.asyncDispose]())

const model = 'claude-haiku-4-5'
const rates = { input: '2', cacheWrite5m: '2.5', cacheWrite1h: '4', cacheRead: '0.2', output: '10' }
const price = { rates, longPrompt: null, webSearchPer1000: '10', maxOutputTokens: null }
const listed = async () => {
  const views = await admin.trpc.admin.prices.list.query()
  return views.filter((view) => view.provider === 'anthropic' && view.model === model)
}

describe('prices', () => {
  it('are listed with their source', async () => {
    expect(await listed()).toMatchObject([
      { source: 'file', rates: { output: '5.00' }, effectiveUntil: null },
    ])
    const views = await admin.trpc.admin.prices.list.query()
    expect(views.filter(({ source }) => source === 'package').length).toBeGreaterThan(50)
  })

  it('are edited from a moment on, which is audited, and taken back', async () => {
    const effectiveFrom = new Date(Date.now() + 3_600_000).toISOString()
    const edit = { provider: 'anthropic', model, effectiveFrom } as const
    await admin.trpc.admin.prices.edit.mutate({ ...edit, price, note: 'Their new list.' })
    expect(await listed()).toMatchObject([
      { source: 'file', effectiveUntil: effectiveFrom },
      {
        source: 'admin',
        effectiveFrom,
        editedBy: 'rootadmin',
        note: 'Their new list.',
        rates: { output: '10.00' },
      },
    ])
    const { items } = await admin.trpc.admin.audit.search.query({ action: 'price_edited', limit: 1 })
    expect(items).toMatchObject([{ actor: { handle: 'rootadmin' }, target: { id: model } }])
    await admin.trpc.admin.prices.edit.mutate({ ...edit, price: null })
    expect(await listed()).toMatchObject([{ source: 'file', effectiveUntil: null }])
    expect((await refusal(admin.trpc.admin.prices.edit.mutate({ ...edit, price: null }))).code).toBe(
      'not_found',
    )
  })

  it('cannot be edited for the past, nor by members', async () => {
    const edit = { provider: 'anthropic', model, effectiveFrom: '2026-01-01T00:00:00Z', price } as const
    expect((await refusal(admin.trpc.admin.prices.edit.mutate(edit))).code).toBe('invalid_input')
    const { client } = await newPerson(api, 'member')
    expect((await refusal(client.trpc.admin.prices.list.query())).code).toBe('forbidden')
    expect((await refusal(client.trpc.admin.prices.edit.mutate(edit))).code).toBe('forbidden')
  })
})
