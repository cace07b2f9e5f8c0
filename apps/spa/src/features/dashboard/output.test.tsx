// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The dashboard’s log and its Restart button: what each shows, and what each click asks of the platform. */
import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { fakeEventSource } from '../../testing/event-source.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { ANSWERS } from '../../testing/views.ts'

const start = startsTestApis()
const instanceId = ANSWERS['tenants.mine'].id
const RUNS = [
  { endedAt: null, how: null },
  { endedAt: '2026-01-01T00:00:00.000Z', how: 'restarted' },
]
const outputOf = ({ run }: { run: number }) => ({ runs: RUNS, text: run === 0 ? 'now' : 'before' })

test('the log is asked for when it is opened, goes on as it is printed, and tells of the run before', async () => {
  const streams = fakeEventSource()
  const api = start({ 'output.of': outputOf })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Show' }))
  await screen.findByText('now')
  await expect.poll(() => streams.open('output.follow')).toBe(1)
  streams.send('output.follow', 'now and then')
  await screen.findByText('now and then')
  await user.click(screen.getByRole('button', { name: /^Restarted/ }))
  await screen.findByText('before')
  expect(streams.open('output.follow')).toBe(0)
  expect(api.inputsOf('output.of')).toEqual([
    { instanceId, run: 0 },
    { instanceId, run: 1 },
  ])
})

test('the log stays with the run that was chosen when another begins', async () => {
  const before = { endedAt: '2026-01-01T00:00:00.000Z', how: 'restarted' }
  const older = { endedAt: '2025-12-31T00:00:00.000Z', how: 'slept' }
  let runs: object[] = [before, older]
  const texts = () => (runs.length === 2 ? ['before', 'older'] : ['now', 'before', 'older'])
  start({ 'output.of': ({ run }: { run: number }) => ({ runs, text: texts()[run] }) })
  const { user, queries } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Show' }))
  await user.click(await screen.findByRole('button', { name: /^Restarted/ }))
  runs = [{ endedAt: null, how: null }, before, older]
  await queries.invalidateQueries()
  await screen.findByRole('button', { name: 'Running now' })
  expect(screen.getByRole('button', { name: /^Restarted/ }).getAttribute('aria-pressed')).toBe('true')
  await screen.findByText('before')
})

test('the log stays at its newest lines, and leaves whoever scrolled up where they are', async () => {
  const streams = fakeEventSource()
  start({ 'output.of': outputOf })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Show' }))
  const log = await screen.findByRole('region', { name: 'What it printed' })
  const size = { scrollHeight: 500, clientHeight: 100 }
  for (const [name, value] of Object.entries(size)) Object.defineProperty(log, name, { get: () => value })
  await expect.poll(() => streams.open('output.follow')).toBe(1)
  streams.send('output.follow', 'more')
  await expect.poll(() => log.scrollTop).toBe(500)
  fireEvent.scroll(log, { target: { scrollTop: 40 } })
  streams.send('output.follow', 'and more')
  await screen.findByText('and more')
  expect(log.scrollTop).toBe(40)
})

test('a log that cannot be read says why', async () => {
  start({ 'output.of': fails('not_found', 'You have no computer here.') })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Show' }))
  await screen.findByText(/You have no computer here/)
})

test('Restart asks for it once, and can be refused', async () => {
  const api = start({ 'tenants.restart': fails('too_many_requests', 'Restarted too often.') })
  const { user } = renderPage('/')
  await user.click(await screen.findByRole('button', { name: 'Restart' }))
  await screen.findByText(/Restarted too often/)
  expect(api.inputsOf('tenants.restart')).toEqual([{ instanceId }])
})
