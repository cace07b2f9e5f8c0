// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The parts of the credits page: what each shows, also where its answer fails, is slow, or never comes. */
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails, OFFLINE, SILENT } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { creditsView, withCredits } from '../../testing/views.ts'

const PAGE = '/settings/credits'
const start = startsTestApis()

test('without a network it says so, and loads once there is one', async () => {
  const api = start({ 'quota.credits': OFFLINE })
  const { user } = renderPage(PAGE)
  await screen.findByText('Your credits could not be loaded')
  screen.getByText(/isn’t answering/)
  api.set('quota.credits', creditsView())
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await screen.findByText('You’ve used $2.30 of $5.00 free credits')
})

test('while the answer takes its time, the outline stands and nothing is claimed', async () => {
  start({ 'quota.credits': SILENT })
  const { container } = renderPage(PAGE)
  await screen.findByRole('heading', { level: 1, name: 'AI credits' })
  expect(container.querySelector('[aria-busy="true"]')).not.toBeNull()
  expect(screen.queryByText(/You’ve used/)).toBeNull()
})

test('one part that fails leaves the others', async () => {
  start({ 'quota.usage': fails('internal', 'No usage now.') })
  renderPage(PAGE)
  await screen.findByText('Your usage could not be loaded')
  screen.getByText('You’ve used $2.30 of $5.00 free credits')
  await screen.findByText(/No calls yet/)
})

test('calls show who paid and what was estimated, page by page', async () => {
  const call = (index: number, more: object) => ({
    ...{ id: `aic_0000000000000000000000000${index}`, at: '2026-01-01T00:00:00.000Z', provider: 'anthropic' },
    ...{
      model: `claude-${index}`,
      payer: 'platform',
      status: 'settled',
      inputTokens: 1200,
      outputTokens: 34,
    },
    ...{ cacheWriteTokens: 0, cacheReadTokens: 0, webSearches: 0, cost: '0.000123', durationMs: 1234 },
    ...more,
  })
  start({
    'quota.calls': ({ cursor }: { cursor?: string }) =>
      cursor === 'next'
        ? { calls: [call(2, { payer: 'own' })], nextCursor: null }
        : { calls: [call(1, { status: 'estimated' })], nextCursor: 'next' },
  })
  const { user } = renderPage(PAGE)
  const list = await screen.findByRole('list', { name: 'Calls' })
  within(list).getByText('1,234 tokens')
  within(list).getByText('$0.000123')
  within(list).getByText(/what had been set aside for this call was charged/)
  await user.click(screen.getByRole('button', { name: 'Show older calls' }))
  await within(list).findByText('claude-2')
  within(list).getByText('Own key')
  expect(screen.queryByRole('button', { name: 'Show older calls' })).toBeNull()
})

test('an email address waits for its owner to confirm it', async () => {
  const api = start({ ...withCredits({ canMail: true }), 'quota.setAlertAddress': { ok: true } })
  const { user } = renderPage(PAGE)
  const field = await screen.findByLabelText('Email address')
  await user.type(field, 'carla')
  await user.click(screen.getByRole('button', { name: 'Send confirmation' }))
  await screen.findByText(/Enter an email address/)
  await user.type(field, '@example.com')
  const alertAddress = { email: 'carla@example.com', isConfirmed: false }
  api.set('quota.credits', creditsView({ canMail: true, alertAddress }))
  await user.click(screen.getByRole('button', { name: 'Send confirmation' }))
  await screen.findByText('Not confirmed yet')
  expect(api.inputsOf('quota.setAlertAddress')).toEqual([{ email: 'carla@example.com' }])
})

test('without a mail server, no address is asked for', async () => {
  start()
  renderPage(PAGE)
  await screen.findByRole('heading', { name: 'AI token' })
  expect(screen.queryByRole('heading', { name: 'Alerts by email' })).toBeNull()
})
