// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** A computer that its owner has deleted, while that can be taken back: on the dashboard, and after the goodbye. */
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { ANSWERS } from '../../testing/views.ts'

const start = startsTestApis()
const AWAKE = ANSWERS['tenants.mine']
const LEAVING = {
  ...AWAKE,
  ...{ desired: 'leaving', observed: 'stopped', deletionDueAt: '2026-03-08T12:00:00.000Z' },
}

test('says until when it can be had back, and takes it back with a click', async () => {
  const api = start({ 'tenants.mine': LEAVING, 'tenants.undoDeletion': AWAKE })
  const { user } = renderPage('/')
  await screen.findByText('Your computer will be deleted on March 8, 2026')
  expect(screen.queryByRole('button', { name: 'Wake' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Delete…' })).toBeNull()
  api.set('tenants.mine', AWAKE)
  await user.click(screen.getByRole('button', { name: 'Keep my computer' }))
  await screen.findByRole('button', { name: 'Delete…' })
  expect(screen.queryByText(/will be deleted on/)).toBeNull()
  // The button that had the focus is gone: the keyboard goes on from the top of the page, not before it.
  expect(document.activeElement?.tagName).toBe('H1')
  expect(api.inputsOf('tenants.undoDeletion')).toEqual([{ instanceId: AWAKE.id }])
})

test('says so where it is too late', async () => {
  const late = fails('conflict', 'It is too late: this computer is being deleted.')
  start({ 'tenants.mine': LEAVING, 'tenants.undoDeletion': late })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Keep my computer' }))
  await screen.findByText(/too late/)
})

test('the goodbye says that it is closed, and until when it is there', async () => {
  start({ 'tenants.mine': LEAVING })
  renderPage('/goodbye')
  await screen.findByRole('heading', { name: 'Your computer is closed' })
  screen.getByText(/deleted for good on March 8, 2026/)
})

test('says beforehand that it can be had back', async () => {
  start({})
  renderPage('/')
  await screen.findByText(/For 7 days you can take it all back/)
})

test('takes no other home in, and can still be exported', async () => {
  start({ 'tenants.mine': LEAVING })
  renderPage('/settings/move')
  await screen.findByRole('heading', { name: 'Export' })
  await expect.poll(() => screen.queryByRole('heading', { name: 'Import' })).toBeNull()
})
