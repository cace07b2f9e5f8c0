// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** What the dashboard waits for, so that nothing moves under a finger later, and what it does not wait for. */
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails, SILENT } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'

const start = startsTestApis()
/** A refetch that a new observer begins has long been answered by then. */
const A_WHILE_MS = 300
const aWhile = () => new Promise((resolve) => setTimeout(resolve, A_WHILE_MS))

test('shows its buttons only with what may stand above them', async () => {
  const api = start({ 'auth.passkeys.list': SILENT })
  renderPage('/')
  await waitFor(() => expect(api.inputsOf('auth.passkeys.list')).toHaveLength(1))
  await aWhile()
  expect(screen.queryByRole('link', { name: 'Open' })).toBeNull()
})

test('is there without what could not be fetched, and stays while that is asked for again', async () => {
  const api = start({
    'auth.passkeys.list': fails('internal', 'Something went wrong.'),
    'quota.credits': fails('internal', 'Something went wrong.'),
  })
  renderPage('/')
  const open = await screen.findByRole('link', { name: 'Open' })
  await aWhile()
  expect(open.isConnected).toBe(true)
  expect(api.inputsOf('auth.passkeys.list').length).toBeLessThanOrEqual(2)
})
