// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The keyboard carries on near, where what it pressed went away: it never starts anew at the top of the page. */
import type { FeedItemView } from '@matrixos/shared'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fakeEventSource } from '../../testing/event-source.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'

fakeEventSource()
const start = startsTestApis()
const MINE: FeedItemView = {
  ...{
    id: `itm_${'1'.padStart(26, '0')}`,
    author: { handle: 'carla', displayName: 'Carla', avatarUrl: null },
  },
  ...{ actor: 'human', kind: 'post', text: 'Hello', app: null, met: null, visibility: 'public' },
  ...{ at: '2026-01-01T00:00:00.000Z', likes: 0, comments: 0, isLiked: false, isMine: true, isHidden: false },
}
const none = { items: [], nextCursor: null }
const focused = () => document.activeElement?.textContent

test('takes the focus to the heading when a post is deleted', async () => {
  const api = start({
    'feed.state': { unreadMentions: 0, asked: [] },
    'feed.list': { items: [MINE], nextCursor: null },
    'feed.remove': { ok: true },
  })
  const { user } = renderPage('/feed')
  const more = await screen.findByRole('button', { name: 'More about this post' })
  more.focus()
  await user.keyboard('{Enter}')
  await screen.findByRole('menuitem', { name: 'Delete' })
  api.set('feed.list', none)
  await user.keyboard('{Enter}')
  await expect.poll(() => screen.queryByRole('article')).toBeNull()
  await expect.poll(focused).toBe('Feed')
})

test('takes the focus to the heading when the last thing that a computer asked is settled', async () => {
  const asked: FeedItemView = { ...MINE, actor: 'ai' }
  const api = start({
    'feed.state': { unreadMentions: 0, asked: [asked] },
    'feed.list': none,
    'feed.remove': { ok: true },
  })
  const { user } = renderPage('/feed')
  const discard = await screen.findByRole('button', { name: 'Discard' })
  discard.focus()
  api.set('feed.state', { unreadMentions: 0, asked: [] })
  await user.keyboard('{Enter}')
  await expect.poll(() => screen.queryByRole('button', { name: 'Discard' })).toBeNull()
  await expect.poll(focused).toBe('Feed')
})
