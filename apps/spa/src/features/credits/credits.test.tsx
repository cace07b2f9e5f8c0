// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
import type { CreditRequestView } from '@matrixos/shared'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { fakeEventSource } from '../../testing/event-source.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { creditsView, withCredits } from '../../testing/views.ts'

const PAGE = '/settings/credits'

const streams = fakeEventSource()
const start = startsTestApis()

const request = (more: Partial<CreditRequestView>): CreditRequestView => ({
  ...{ id: 7, amount: '20.00', reason: 'For my class.', state: 'open', granted: null, answer: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', answeredAt: null },
  ...more,
})

test('the dashboard says what is used and what runs, in words and for screen readers', async () => {
  const call = {
    id: 'aic_00000000000000000000000001' as const,
    model: 'claude-x',
    startedAt: '2026-01-01T00:00:00.000Z',
    costSoFar: '0.0341',
    held: '0.8',
  }
  start(withCredits({ held: '0.8', calls: [call] }))
  renderPage('/')
  await screen.findByText('You’ve used $2.30 of $5.00 free credits')
  expect(screen.getByRole('meter').getAttribute('aria-valuetext')).toContain(
    '$0.80 is set aside for 1 call in flight',
  )
  expect(screen.getByRole('list', { name: 'Calls in flight' }).textContent).toContain('$0.0341 so far')
  expect(screen.getByRole('link', { name: 'See usage' }).getAttribute('href')).toBe(PAGE)
})

test('while a call streams, its cost goes up by itself', async () => {
  start()
  renderPage('/')
  await screen.findByText('You’ve used $2.30 of $5.00 free credits')
  await waitFor(() => expect(streams.open('quota.changes')).toBe(1))
  const call = { model: 'claude-x', startedAt: '2026-01-01T00:00:00.000Z', held: '0.8' }
  const view = (costSoFar: string) =>
    creditsView({ held: '0.8', calls: [{ ...call, id: 'aic_00000000000000000000000001', costSoFar }] })
  streams.send('quota.changes', view('0.01'))
  await screen.findByText('$0.01 so far')
  streams.send('quota.changes', view('0.0234'))
  await screen.findByText('$0.0234 so far')
  streams.send('quota.changes', creditsView({ spent: '2.40' }))
  await screen.findByText('You’ve used $2.40 of $5.00 free credits')
  expect(screen.queryByRole('list', { name: 'Calls in flight' })).toBeNull()
})

test('at 80% a banner says what to do, goes when it is dismissed, and comes back if that failed', async () => {
  const api = start({
    ...withCredits({ spent: '4.10', remaining: '0.90', alert: { threshold: 80, round: 3 } }),
    'quota.dismissAlert': fails('internal', 'It broke.'),
  })
  const { user, address } = renderPage('/')
  const title = 'You’ve used 80% of your AI credits'
  await screen.findByText(title)
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  await screen.findByText('It broke.')
  await screen.findByText(title)

  api.set('quota.dismissAlert', { ok: true })
  api.set('quota.credits', creditsView({ spent: '4.10', remaining: '0.90' }))
  await user.click(screen.getByRole('button', { name: 'Dismiss' }))
  await waitFor(() => expect(screen.queryByText(title)).toBeNull())
  expect(api.inputsOf('quota.dismissAlert').at(-1)).toEqual({ threshold: 80, round: 3 })

  api.set('quota.credits', creditsView({ alert: { threshold: 80, round: 4 } }))
  expect(address()).toBe('/')
})

test('used up, it says until when calls are refused, and leads to a request for more', async () => {
  const api = start({
    ...withCredits({
      ...{ spent: '5.00', remaining: '0', period: 'month', periodEndsAt: '2026-12-01T00:00:00.000Z' },
      alert: { threshold: 100, round: 0 },
    }),
    'quota.requestMore': request({}),
  })
  const { user, address } = renderPage('/')
  await screen.findByText(/are refused until December 1, 2026, or until you get more/)
  await user.click(screen.getByRole('link', { name: 'Request more' }))
  const dialog = await screen.findByRole('dialog')
  expect(address()).toBe(`${PAGE}?open=request`)

  await user.clear(within(dialog).getByLabelText('Amount'))
  await user.type(within(dialog).getByLabelText('Amount'), '0')
  await user.click(within(dialog).getByRole('button', { name: 'Send request' }))
  within(dialog).getByText('Enter an amount above 0.')
  within(dialog).getByText('Say in a few words what you need them for.')
  expect(api.inputsOf('quota.requestMore')).toEqual([])

  await user.clear(within(dialog).getByLabelText('Amount'))
  await user.type(within(dialog).getByLabelText('Amount'), '12,50')
  await user.type(within(dialog).getByLabelText('What are they for?'), 'My class')
  api.set('quota.credits', creditsView({ request: request({ amount: '12.50' }) }))
  await user.click(within(dialog).getByRole('button', { name: 'Send request' }))
  await screen.findByText('Waiting for an answer')
  expect(api.inputsOf('quota.requestMore')).toEqual([{ amount: '12.50', reason: 'My class' }])
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Request more' })).toBeNull()
})

test('an answer leads to this page from everywhere else', async () => {
  const at = '2026-01-02T00:00:00.000Z'
  start({ 'auth.notices.list': [{ id: 1, kind: 'credits_denied', at, address: '' }] })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('link', { name: 'See your AI credits' }))
  await screen.findByText('Your request for more AI credits was denied.')
  await waitFor(() => expect(screen.queryByRole('link', { name: 'See your AI credits' })).toBeNull())
})

test('used up for good, it says that more must come first', async () => {
  start(withCredits({ spent: '5.00', remaining: '0', alert: { threshold: 100, round: 0 } }))
  renderPage('/')
  await screen.findByText(/are refused until you get more\. Calls on/)
})

test('a denied request shows the administrator’s word, and another can be sent', async () => {
  const answeredAt = '2026-01-02T00:00:00.000Z'
  start(withCredits({ request: request({ state: 'denied', answer: 'Use the small model.', answeredAt }) }))
  renderPage(PAGE)
  await screen.findByText('Use the small model.')
  screen.getByText('Denied')
  screen.getByRole('button', { name: 'Request more' })
})

test('an open request is withdrawn after asking', async () => {
  const api = start({ ...withCredits({ request: request({}) }), 'quota.withdrawRequest': { ok: true } })
  const { user } = renderPage(PAGE)
  await user.click(await screen.findByRole('button', { name: 'Withdraw' }))
  const dialog = await screen.findByRole('dialog')
  expect(api.inputsOf('quota.withdrawRequest')).toEqual([])
  api.set('quota.credits', creditsView({ request: request({ state: 'withdrawn' }) }))
  await user.click(within(dialog).getByRole('button', { name: 'Withdraw' }))
  await waitFor(() => expect(screen.queryByText('Waiting for an answer')).toBeNull())
  expect(api.inputsOf('quota.withdrawRequest')).toEqual([{ id: 7 }])
})

test('a key that the provider refuses stays in its field, with the reason', async () => {
  start({ 'quota.setOwnKey': fails('invalid_input', 'Anthropic refused this key.') })
  const { user } = renderPage(PAGE)
  await user.click(await screen.findByRole('button', { name: 'Add key for Anthropic' }))
  const dialog = await screen.findByRole('dialog')
  await user.type(within(dialog).getByLabelText('Key'), 'short')
  await user.click(within(dialog).getByRole('button', { name: 'Check and save' }))
  within(dialog).getByText('This key is too short.')
  await user.type(within(dialog).getByLabelText('Key'), '-but-longer')
  await user.click(within(dialog).getByRole('button', { name: 'Check and save' }))
  await within(dialog).findByText('Anthropic refused this key.')
  expect(within(dialog).getByLabelText<HTMLInputElement>('Key').value).toBe('short-but-longer')
})

test('a key that stopped working says so, and is removed after asking', async () => {
  const key = { provider: 'anthropic', ending: 'k3Yz', createdAt: '2026-01-01T00:00:00.000Z' } as const
  const api = start({
    ...withCredits({ ownKeys: [{ ...key, refusedAt: '2026-01-03T00:00:00.000Z' }] }),
    'quota.removeOwnKey': { ok: true },
  })
  const { user } = renderPage(PAGE)
  await screen.findByText(/Anthropic began to refuse this key .+ ago\./)
  await user.click(screen.getByRole('button', { name: 'Remove key for Anthropic' }))
  api.set('quota.credits', creditsView())
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }))
  await screen.findByRole('button', { name: 'Add key for Anthropic' })
  expect(api.inputsOf('quota.removeOwnKey')).toEqual([{ provider: 'anthropic' }])
})

test('says when a demonstration model answers, and how a real one is connected', async () => {
  start(withCredits({ upstreams: { anthropic: 'demonstration', openai: 'demonstration' } }))
  renderPage(PAGE)
  const notice = (await screen.findByText('A demonstration model answers')).closest('[role="status"]')
  expect(notice?.textContent).toContain('ANTHROPIC_API_KEY')
})
