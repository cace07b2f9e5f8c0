// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** A computer that waits for memory: at its first start, and on the dashboard. */
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { ANSWERS } from '../../testing/views.ts'

const start = startsTestApis()
const WAITING = {
  ...ANSWERS['tenants.mine'],
  ...{ observed: 'stopped', nextAttemptAt: '2026-01-01T00:00:05.000Z', line: '3rd in line, about 20 s.' },
  error: { code: 'capacity', message: 'Your computer starts automatically as soon as there is room.' },
} as const

test('is no failure at its first start', async () => {
  start({ 'tenants.mine': { ...WAITING, isFirstStart: true } })
  renderPage('/')
  await screen.findByRole('heading', { name: 'Waiting for room' })
  screen.getByText(/starts automatically/)
  screen.getByText('3rd in line, about 20 s.')
  expect(screen.queryByRole('alert')).toBeNull()
})

test('is no failure on the dashboard, which leads to its place in the line', async () => {
  start({ 'tenants.mine': WAITING })
  renderPage('/')
  await screen.findByText('Waiting for room')
  screen.getByText(/starts automatically/)
  screen.getByText('3rd in line, about 20 s.')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.queryByText(/Trying again/)).toBeNull()
  screen.getByRole('link', { name: 'Open' })
})
