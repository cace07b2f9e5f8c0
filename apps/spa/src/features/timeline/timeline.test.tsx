// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The timeline: the last few things on the dashboard, all of them page by page, and one kind alone. */
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { ANSWERS } from '../../testing/views.ts'

const start = startsTestApis()
const instanceId = ANSWERS['tenants.mine'].id
const at = '2026-01-01T00:00:00.000Z'
const event = (id: number, kind: string, detail: string | null = null) => ({
  ...{ id, at, kind, detail, durationMs: null },
})

test('the dashboard shows the last few, and leads to all of them', async () => {
  const api = start({ 'events.list': { events: [event(2, 'archive_soon', '7')], nextCursor: 2 } })
  const { user, address } = renderPage('/')
  await screen.findByText('within 7 days')
  expect(api.inputsOf('events.list')).toEqual([{ instanceId, limit: 5 }])
  await user.click(screen.getByRole('link', { name: 'Everything that happened' }))
  await screen.findByRole('heading', { name: 'Timeline' })
  expect(address()).toBe('/settings/timeline')
})

test('older ones come page by page, and a filter begins anew', async () => {
  const pageOf = ({ cursor, filter }: { cursor?: number; filter?: string }) => {
    if (filter) return { events: [event(3, 'out_of_memory')], nextCursor: null }
    return cursor
      ? { events: [event(1, 'created')], nextCursor: null }
      : { events: [event(3, 'out_of_memory'), event(2, 'deletion_undone')], nextCursor: 2 }
  }
  const api = start({ 'events.list': pageOf })
  const { user } = renderPage('/settings/timeline')
  await screen.findByText('Taken back by you')
  await user.click(screen.getByRole('button', { name: 'Show older' }))
  await screen.findByText('Created')
  expect(screen.queryByRole('button', { name: 'Show older' })).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Problems' }))
  await expect.poll(() => screen.queryByText('Created')).toBeNull()
  await screen.findByText('Ran out of memory')
  expect(api.inputsOf('events.list').at(-1)).toMatchObject({ instanceId, filter: 'problems' })
})

test('a timeline that cannot be read says why', async () => {
  start({ 'events.list': fails('not_found', 'You have no computer here.') })
  renderPage('/settings/timeline')
  await screen.findByText(/You have no computer here/)
})
