import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EditedPrice, newId, parseUsd, priceEditSchema, priceViewSchema } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../access/principal.ts'
import { createAudit } from '../../audit/store.ts'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { auditLog, priceEdits } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createPriceBook } from './price-book.ts'
import { createPriceAdministration } from './service.ts'
import { createPriceStore } from './store.ts'
import { priceOf } from './testing/samples.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z')
const at = (offsetMs: number) => new Date(NOW + offsetMs).toISOString()
const admin: Caller = {
  principal: {
    ...{ how: 'session', userId: newId('usr', systemClock), handle: 'root', role: 'admin', scopes: [] },
    ...{ provedAt: null, sessionId: newId('ses', systemClock) },
  },
  request: { address: '192.0.2.1' },
}
const PRICE: EditedPrice = {
  rates: { input: '3', cacheWrite5m: '3.75', cacheWrite1h: '6', cacheRead: '0.3', output: '15' },
  ...{ longPrompt: null, webSearchPer1000: null, maxOutputTokens: null },
}
const edit = (change: object) =>
  priceEditSchema.parse({
    ...{ provider: 'anthropic', model: 'claude-sample-1', effectiveFrom: at(0), price: PRICE },
    ...change,
  })

let folder: string
let database: Database
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mos-prices-'))
  database = await openPrepared(folder)
}, 180_000)
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await database.db.delete(priceEdits)
})

function subject() {
  const published: unknown[] = []
  const clock = { ...systemClock, now: () => NOW }
  const store = createPriceStore(database)
  const prices = createPriceAdministration({
    ...{ db: database.db, store, audit: createAudit({ db: database.db, clock }), clock },
    builtIn: [
      priceOf('1/1/1/1/1'),
      priceOf('0.0375/1/1/1/1', { model: 'claude-sample-2', source: 'package' }),
    ],
    notifications: { publish: (topic, notice) => void published.push({ topic, notice }) },
  })
  return { prices, store, published }
}

const audited = () => database.db.select().from(auditLog)

describe('an edit', () => {
  it('is listed with who made it, read by the price book, audited and passed on', async () => {
    const { prices, store, published } = subject()
    const before = (await audited()).length
    await prices.edit(admin, edit({ effectiveFrom: at(3_600_000), note: 'A new list.' }))
    const listed = (await prices.list()).map((view) => priceViewSchema.parse(view))
    expect(
      listed.map(({ model, source, effectiveUntil, note }) => [model, source, effectiveUntil, note]),
    ).toEqual([
      ['claude-sample-1', 'file', at(3_600_000), null],
      ['claude-sample-1', 'admin', null, 'A new list.'],
      ['claude-sample-2', 'package', null, null],
    ])
    const book = createPriceBook({ edited: async () => (await store.current()).map(({ price }) => price) })
    await book.reload()
    expect(book.priceOf('anthropic', 'claude-sample-1', new Date(at(3_600_000)))?.rates.output).toBe(
      parseUsd('15'),
    )
    expect(book.priceOf('anthropic', 'claude-sample-1', new Date(at(3_599_999)))).toBeNull()
    const [entry, ...more] = (await audited()).slice(before)
    expect(more).toEqual([])
    expect(entry).toMatchObject({
      ...{ actor: admin.principal.userId, action: 'price_edited', target: 'claude-sample-1' },
      detail: { to: { rates: { output: '15' } }, from: { rates: { output: '1.00' } } },
    })
    expect(published).toEqual([
      { topic: 'prices', notice: { provider: 'anthropic', model: 'claude-sample-1' } },
    ])
  })

  it('gives way to a later one of the same moment, and can be taken back, also once it counts', async () => {
    const { prices, store } = subject()
    await prices.edit(admin, edit({}))
    await prices.edit(admin, edit({ price: { ...PRICE, webSearchPer1000: '12' } }))
    const current = await store.current()
    expect(current.map(({ price }) => price.webSearchPer1000)).toEqual([parseUsd('12')])
    await prices.edit(admin, edit({ price: null }))
    expect(await store.current()).toEqual([])
    expect((await prices.list()).map(({ source }) => source)).toEqual(['file', 'package'])
    expect(await database.db.select().from(priceEdits)).toHaveLength(3)
  })

  it('cannot begin in the past, but may have been written a minute ago', async () => {
    const { prices, store, published } = subject()
    const late = prices.edit(admin, edit({ effectiveFrom: at(-60_001) }))
    await expect(late).rejects.toMatchObject({ code: 'invalid_input' })
    expect([await store.current(), published]).toEqual([[], []])
    await prices.edit(admin, edit({ effectiveFrom: at(-60_000) }))
    expect(await store.current()).toHaveLength(1)
  })

  it('cannot take back what is not there', async () => {
    const { prices } = subject()
    await prices.edit(admin, edit({}))
    for (const other of [{ effectiveFrom: at(1) }, { model: 'claude-sample-2' }, { provider: 'openai' }])
      await expect(prices.edit(admin, edit({ ...other, price: null }))).rejects.toMatchObject({
        code: 'not_found',
      })
  })

  it.each([
    ['a negative rate', { price: { ...PRICE, rates: { ...PRICE.rates, input: '-1' } } }],
    ['a missing rate', { price: { ...PRICE, rates: { ...PRICE.rates, cacheRead: undefined } } }],
    ['a rate in words', { price: { ...PRICE, rates: { ...PRICE.rates, input: 'free' } } }],
    ['no model', { model: ' ' }],
    ['another provider', { provider: 'other' }],
    ['no time', { effectiveFrom: 'soon' }],
  ])('with %s is refused', (_, change) => {
    expect(() => edit(change)).toThrow()
  })
})

it('shows rates of any length as they are', async () => {
  const [, second] = await subject().prices.list()
  expect(priceViewSchema.parse(second).rates.input).toBe('0.0375')
})
