// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** One’s Matrix account: without a homeserver, while it is made, adding an app and signing it out. */
import type { MatrixStanding } from '@matrixos/shared'
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'

const start = startsTestApis()
const LOGIN = { deviceId: 'ABCD', name: 'Phone', createdAt: '2026-01-01T00:00:00.000Z' }
const HOMESERVER = { homeserverUrl: 'https://matrix.mos.test', userId: '@ada:mos.test' }
const standing = (more: object = {}): MatrixStanding => ({ isOn: true, ...HOMESERVER, logins: [], ...more })

test('says what is missing where there is no homeserver', async () => {
  start({ 'matrix.standing': { isOn: false } })
  renderPage('/settings/matrix')
  await screen.findByText('Not available here')
  expect(screen.queryByRole('button', { name: 'Add an app' })).toBeNull()
})

test('waits for the account that is being made', async () => {
  start({ 'matrix.standing': standing({ userId: null }) })
  renderPage('/settings/matrix')
  await screen.findByText('Your Matrix account is being made')
  expect(screen.queryByRole('button', { name: 'Add an app' })).toBeNull()
})

test('an app is added under a name, and told how to sign in, once', async () => {
  const made = { accessToken: 'syt_once', ...HOMESERVER, login: LOGIN }
  const api = start({ 'matrix.standing': standing(), 'matrix.addClient': made })
  const { user } = renderPage('/settings/matrix')
  await screen.findByText('No apps yet')
  await user.click(screen.getByRole('button', { name: 'Add an app' }))
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'Phone')
  await user.click(screen.getByRole('button', { name: 'Make token' }))
  await screen.findByText('syt_once')
  screen.getByText('Enter this token as your password:')
  expect(api.inputsOf('matrix.addClient')).toEqual([{ name: 'Phone' }])
  await user.click(screen.getByRole('button', { name: 'Done, I have copied it' }))
  expect(screen.queryByText('syt_once')).toBeNull()
  await screen.findByText('Phone')
})

test('an app is signed out after asking, and stays while the homeserver is away', async () => {
  const api = start({
    'matrix.standing': standing({ logins: [LOGIN] }),
    'matrix.removeClient': fails('upstream_unavailable', 'The homeserver does not answer.'),
  })
  const { user } = renderPage('/settings/matrix')
  await user.click(await screen.findByRole('button', { name: 'Sign out Phone' }))
  const confirm = async () => user.click(await screen.findByRole('button', { name: 'Sign out' }))
  await confirm()
  await screen.findByText('The homeserver does not answer.')
  api.set('matrix.removeClient', { ok: true })
  await confirm()
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Sign out Phone' })).toBeNull())
  expect(api.inputsOf('matrix.removeClient')).toEqual([{ deviceId: 'ABCD' }, { deviceId: 'ABCD' }])
})
