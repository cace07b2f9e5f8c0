// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The state of a computer on the dashboard, and how far its start is. */
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { ANSWERS } from '../../testing/views.ts'

const start = startsTestApis()
const AWAKE = ANSWERS['tenants.mine']

test('shows how far a start is', async () => {
  start({ 'tenants.mine': { ...AWAKE, observed: 'starting', step: 'health' } })
  renderPage('/')
  await screen.findByText('Waking up')
  screen.getByRole('progressbar', { name: 'Progress' })
  screen.getByText('Waiting for its first heartbeat')
})

test.each([
  { desired: 'asleep', observed: 'running', label: 'Falling asleep' },
  { desired: 'awake', observed: 'paused', label: 'Waking up' },
])('shows nothing of the start that is long over while it is $label', async ({ label, ...state }) => {
  start({ 'tenants.mine': { ...AWAKE, ...state, step: 'ready' } })
  renderPage('/')
  await screen.findByText(label)
  expect(screen.queryByRole('progressbar', { name: 'Progress' })).toBeNull()
})
