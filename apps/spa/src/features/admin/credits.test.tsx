// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
import type { OpenRequestView, PersonLimitsView, PriceView, SpendView } from '@matrixos/shared'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { CARLA } from '../../testing/views.ts'

const startApi = startsTestApis()
const start = (answers: Record<string, unknown>) =>
  startApi({ 'auth.session': { ...CARLA, role: 'admin' }, ...answers })

const SPEND: SpendView = {
  ...{ total: '184.20', today: '7.31', forecastMonth: null, spentThisMonth: '171.92' },
  ...{ exposure: '3.412', callsInFlight: 7, estimated: { cost: '0.42', calls: 3 }, byDay: [], byModel: [] },
  byPerson: [
    { handle: 'alice', cost: '4.00', calls: 2, limit: '5.00', spent: '4.50' },
    { handle: null, cost: '1.00', calls: 1, limit: null, spent: null },
  ],
}

const REQUEST: OpenRequestView = {
  ...{ id: 7, amount: '20.00', reason: 'For my class.', state: 'open', granted: null, answer: null },
  ...{
    createdAt: '2026-01-01T00:00:00.000Z',
    answeredAt: null,
    handle: 'alice',
    spent: '4.50',
    limit: '5.00',
  },
}

test('spending is by person, with what is at stake, and an unknown forecast says so', async () => {
  start({ 'admin.quota.spend': SPEND, 'admin.quota.requests': [] })
  renderPage('/admin/credits')
  await screen.findByText('$184.20')
  screen.getByText('Not enough to go by')
  screen.getByText('$3.41')
  expect(screen.getByRole('meter', { name: 'Credits of alice' }).getAttribute('aria-valuenow')).toBe('90')
  screen.getByText('Deleted accounts')
  screen.getByText('Nobody is waiting for an answer.')
})

test('a request is approved with the amount that was asked for, or another', async () => {
  const api = start({
    ...{ 'admin.quota.spend': SPEND, 'admin.quota.requests': [REQUEST] },
    'admin.quota.answer': fails('conflict', 'Somebody else has answered it.'),
  })
  const { user } = renderPage('/admin/credits')
  await user.click(await screen.findByRole('button', { name: 'Approve alice' }))
  const dialog = await screen.findByRole('dialog')
  const amount = within(dialog).getByLabelText<HTMLInputElement>('Amount')
  expect(amount.value).toBe('20.00')
  await user.click(within(dialog).getByRole('button', { name: 'Grant' }))
  await within(dialog).findByText('Somebody else has answered it.')
  await user.clear(amount)
  await user.type(amount, '7')
  api.set('admin.quota.answer', { ok: true })
  api.set('admin.quota.requests', [])
  await user.click(within(dialog).getByRole('button', { name: 'Grant' }))
  await screen.findByText('Nobody is waiting for an answer.')
  expect(api.inputsOf('admin.quota.answer').at(-1)).toEqual({ verdict: 'approve', id: 7, amount: '7' })
})

test('a denial needs a word', async () => {
  const api = start({
    ...{ 'admin.quota.spend': SPEND, 'admin.quota.requests': [REQUEST] },
    'admin.quota.answer': { ok: true },
  })
  const { user } = renderPage('/admin/credits')
  await user.click(await screen.findByRole('button', { name: 'Deny alice' }))
  const dialog = await screen.findByRole('dialog')
  await user.click(within(dialog).getByRole('button', { name: 'Deny' }))
  within(dialog).getByText('Say why: they read it.')
  expect(api.inputsOf('admin.quota.answer')).toEqual([])
  await user.type(within(dialog).getByLabelText('Why'), 'Use the small model.')
  await user.click(within(dialog).getByRole('button', { name: 'Deny' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(api.inputsOf('admin.quota.answer')).toEqual([
    { verdict: 'deny', id: 7, answer: 'Use the small model.' },
  ])
})

const LIMITS: PersonLimitsView = {
  ...{ credits: '10.00', callsAtOnce: null, callsPerMinute: 20 },
  plan: { credits: '5.00', period: 'once', callsAtOnce: 5, callsPerMinute: 60 },
  ...{ granted: '0', spent: '7.23', held: '0', limit: '10.00', grants: [] },
}

const PERSON = {
  ...{ id: 'usr_00000000000000000000000000', handle: 'alice', displayName: 'Alice', role: 'member' },
  ...{ protected: null, suspendedAt: null, suspendedReason: null, lastSeenAt: null, instance: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', timeline: [], sessions: [], audit: [] },
  methods: { passkeys: 1, totp: false, recoveryCodes: 8, tokens: 0 },
}

test('limits are set, an empty field leaves them to the plan, and both are undone', async () => {
  const api = start({
    ...{ 'admin.people.get': PERSON, 'admin.quota.person': LIMITS, 'admin.quota.setLimits': LIMITS },
  })
  const { user } = renderPage('/admin/people/alice')
  await user.click(await screen.findByRole('button', { name: /Set limits/ }))
  const dialog = await screen.findByRole('dialog')
  await user.clear(within(dialog).getByLabelText('Credits, once'))
  await user.type(within(dialog).getByLabelText('Calls at once'), '101')
  await user.click(within(dialog).getByRole('button', { name: 'Set limits' }))
  within(dialog).getByText('A whole number from 0 to 100.')
  await user.clear(within(dialog).getByLabelText('Calls at once'))
  await user.type(within(dialog).getByLabelText('Calls at once'), '3')
  await user.click(within(dialog).getByRole('button', { name: 'Set limits' }))
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(api.inputsOf('admin.quota.setLimits')).toHaveLength(2))
  expect(api.inputsOf('admin.quota.setLimits')).toEqual([
    { handle: 'alice', credits: null, callsAtOnce: 3, callsPerMinute: 20 },
    { handle: 'alice', credits: '10.00', callsAtOnce: null, callsPerMinute: 20 },
  ])
})

const PRICE: PriceView = {
  ...{ provider: 'anthropic', model: 'claude-haiku-4-5', effectiveUntil: null, source: 'admin' },
  ...{ effectiveFrom: '2026-01-01T00:00:00.000Z', editedBy: 'carla', note: null, longPrompt: null },
  rates: { input: '1', cacheWrite5m: '1.25', cacheWrite1h: '2', cacheRead: '0.1', output: '5' },
  ...{ webSearchPer1000: '10', maxOutputTokens: 64_000 },
}

test('a price is as of a day, unless it was always in force', async () => {
  const always = { ...PRICE, model: 'gpt-5.2', source: 'package', effectiveFrom: '1970-01-01T00:00:00.000Z' }
  start({ 'admin.prices.list': [PRICE, always] })
  renderPage('/admin/prices')
  await screen.findByText(/since Jan 1, 2026/)
  expect(screen.queryByText(/1970/)).toBeNull()
})

test('a price is found, edited from now on, and reverted', async () => {
  const api = start({
    'admin.prices.list': [PRICE, { ...PRICE, model: 'gpt-5.2', provider: 'openai', source: 'package' }],
    'admin.prices.edit': { ok: true },
  })
  const { user, address } = renderPage('/admin/prices')
  await user.type(await screen.findByLabelText('Search'), 'haiku')
  await waitFor(() => expect(screen.queryByText('gpt-5.2')).toBeNull())
  expect(address()).toBe('/admin/prices?q=haiku')
  await user.click(screen.getByRole('button', { name: 'Edit the price of claude-haiku-4-5' }))
  const dialog = await screen.findByRole('dialog')
  const output = within(dialog).getByLabelText('Output')
  await user.clear(output)
  await user.click(within(dialog).getByRole('button', { name: 'Set price' }))
  within(dialog).getByText('Such as 3 or 0.25.')
  expect(document.activeElement).toBe(output)
  await user.type(output, '4.5')
  await user.click(within(dialog).getByRole('button', { name: 'Set price' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  const [edit] = api.inputsOf('admin.prices.edit')
  expect(edit).toMatchObject({
    ...{ provider: 'anthropic', model: 'claude-haiku-4-5' },
    price: { rates: { ...PRICE.rates, output: '4.5' }, webSearchPer1000: '10', maxOutputTokens: 64_000 },
  })
  expect(edit).not.toMatchObject({ effectiveFrom: PRICE.effectiveFrom })

  await user.click(screen.getByRole('button', { name: 'Revert the edit of claude-haiku-4-5' }))
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Revert' }))
  await waitFor(() => expect(api.inputsOf('admin.prices.edit')).toHaveLength(2))
  const { provider, model, effectiveFrom } = PRICE
  expect(api.inputsOf('admin.prices.edit')[1]).toEqual({ provider, model, effectiveFrom, price: null })
})
