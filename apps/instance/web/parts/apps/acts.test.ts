import { expect, test, vi } from 'vitest'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import { OWNER } from '../../shell/testing.ts'
import { type Acts, menuOf, serverWords } from './acts.ts'

const APP: AppEntry = {
  ...{ name: 'game', title: 'Game', description: null, icon: null, problem: null, server: null, ai: null },
  url: 'https://game--alice.example.org',
}
const acts = () =>
  ({ open: vi.fn(), show: vi.fn(), restart: vi.fn(), remove: vi.fn(), visit: vi.fn() }) satisfies Acts
const labels = (app: AppEntry, me = OWNER) => menuOf(app, me, acts()).map(({ label }) => label)
const VIEWER = { ...OWNER, viewer: { handle: 'bob', canUseNotes: false } }

test('offers what can be done with an app, and to viewers only to use it', () => {
  expect(labels(APP)).toEqual([
    'Open',
    'Open full screen',
    'Publish…',
    'Edit files',
    'Permissions',
    'Rename',
    'Delete',
  ])
  expect(labels({ ...APP, server: { state: 'running', reason: null } })).toContain('Log')
  expect(labels({ ...APP, url: null, problem: 'app.json: name is empty.' })).toEqual([
    'Edit files',
    'Rename',
    'Delete',
  ])
  expect(labels(APP, VIEWER)).toEqual(['Open', 'Open full screen'])
})

test('leads into an app and to where it is published by the platform’s own paths', () => {
  const done = acts()
  const described = {
    ...APP,
    title: 'Chess',
    description: 'For two.',
    icon: { kind: 'text', text: '♞' },
  } as const
  for (const { label, run } of menuOf(described, OWNER, done)) if (/full screen|Publish/.test(label)) run()
  expect(done.visit.mock.calls).toEqual([
    ['/.mos/app-launch?app=game&rt=%2F'],
    ['/.mos/publish?app=game&title=Chess&description=For+two.&icon=%E2%99%9E'],
  ])
})

test.each([
  [null, null],
  [{ state: 'stopped', reason: null }, 'Starts when it is opened'],
  [{ state: 'running', reason: null }, 'Running'],
  [{ state: 'failed', reason: 'It ended.' }, 'It ended.'],
  [{ state: 'refused', reason: 'None runs here.' }, 'None runs here.'],
] as const)('says of a server %o: %s', (server, words) => {
  expect(serverWords({ server })).toBe(words)
})
