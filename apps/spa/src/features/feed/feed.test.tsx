// @vitest-environment happy-dom
// @vitest-environment-options { "url": "http://app.localhost/" }
/** The feed: reading, writing, and what one can do about what others wrote. */
import type { FeedItemView } from '@matrixos/shared'
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { fails } from '../../testing/api.ts'
import { fakeEventSource } from '../../testing/event-source.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { startsTestApis } from '../../testing/start-api.ts'
import { CARLA } from '../../testing/views.ts'

const streams = fakeEventSource()
const start = startsTestApis()
const idOf = (n: number) => `itm_${String(n).padStart(26, '0')}` as const
const itemView = (n: number, more: Partial<FeedItemView> = {}): FeedItemView => ({
  ...{ id: idOf(n), author: { handle: 'ben', displayName: 'Ben', avatarUrl: null }, actor: 'human' },
  ...{
    kind: 'post',
    text: `post ${n}`,
    app: null,
    met: null,
    visibility: 'public',
    at: '2026-01-01T00:00:00.000Z',
  },
  ...{ likes: 0, comments: 0, isLiked: false, isMine: false, isHidden: false },
  ...more,
})
const pageOf = (...items: FeedItemView[]) => ({ items, nextCursor: null })
const STATE = { 'feed.state': { unreadMentions: 0, asked: [] }, 'feed.list': pageOf() }
const post = (name: string) => screen.findByRole('article', { name })

test('an empty feed says what comes there, and takes the first post', async () => {
  const written = itemView(1, {
    text: 'Hello',
    isMine: true,
    author: { handle: 'carla', displayName: 'Carla', avatarUrl: null },
  })
  const api = start({ ...STATE, 'feed.post': written })
  const { user } = renderPage('/feed')
  await screen.findByText('Nobody has posted yet')
  await user.type(screen.getByRole('textbox', { name: 'What is new?' }), 'Hello')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Who can read it?' }), 'Followers')
  api.set('feed.list', pageOf(written))
  await user.click(screen.getByRole('button', { name: 'Post' }))
  await post('Post by Carla')
  expect(api.inputsOf('feed.post')).toEqual([{ text: 'Hello', visibility: 'followers' }])
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'What is new?' }).value).toBe('')
})

test('a post that is refused stays in its field', async () => {
  start({ ...STATE, 'feed.post': fails('too_many_requests', 'You have posted too often in the last hour.') })
  const { user } = renderPage('/feed')
  await user.type(await screen.findByRole('textbox', { name: 'What is new?' }), 'Hello')
  await user.click(screen.getByRole('button', { name: 'Post' }))
  await screen.findByText(/You have posted too often/)
  expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'What is new?' }).value).toBe('Hello')
})

test('mentions and addresses are links, and nothing is taken for markup', async () => {
  const text = 'Hi @ada, see https://example.org/x <b>bold</b> javascript:alert(1)'
  start({ ...STATE, 'feed.list': pageOf(itemView(1, { text })) })
  renderPage('/feed')
  const card = within(await post('Post by Ben'))
  expect(card.getByRole('link', { name: '@ada' }).getAttribute('href')).toBe('/@ada')
  const address = card.getByRole('link', { name: 'https://example.org/x' })
  expect(address.getAttribute('rel')).toContain('nofollow')
  expect(card.getByText(/<b>bold<\/b> javascript/)).toBeTruthy()
  expect(card.queryByRole('link', { name: /javascript/ })).toBeNull()
})

test('a like shows at once, and goes back where it is refused', async () => {
  const api = start({
    ...STATE,
    'feed.list': pageOf(itemView(1)),
    'feed.like': itemView(1, { likes: 1, isLiked: true }),
  })
  const { user } = renderPage('/feed')
  await user.click(await screen.findByRole('button', { name: 'Like. 0 likes' }))
  await screen.findByRole('button', { name: 'Like. 1 like', pressed: true })
  expect(api.inputsOf('feed.like')).toEqual([{ itemId: idOf(1), isLiked: true }])
  api.set('feed.like', fails('not_found', 'This post does not exist, or you may not see it.'))
  await user.click(screen.getByRole('button', { name: 'Like. 1 like' }))
  await screen.findByText(/This post does not exist/)
  await screen.findByRole('button', { name: 'Like. 1 like', pressed: true })
})

test('one’s own post can be deleted, and brought back', async () => {
  const mine = itemView(1, { isMine: true })
  const api = start({
    ...STATE,
    'feed.list': pageOf(mine),
    'feed.remove': { ok: true },
    'feed.restore': mine,
  })
  const { user } = renderPage('/feed')
  await post('Post by Ben')
  await user.click(screen.getByRole('button', { name: 'More about this post' }))
  expect(screen.queryByRole('menuitem', { name: 'Report' })).toBeNull()
  api.set('feed.list', pageOf())
  await user.click(screen.getByRole('menuitem', { name: 'Delete' }))
  await expect.poll(() => screen.queryByRole('article', { name: 'Post by Ben' })).toBeNull()
  api.set('feed.list', pageOf(mine))
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  await post('Post by Ben')
  expect(api.inputsOf('feed.restore')).toEqual([{ itemId: idOf(1) }])
})

test('what others wrote can be reported', async () => {
  const api = start({ ...STATE, 'feed.list': pageOf(itemView(1)), 'feed.report': { ok: true } })
  const { user } = renderPage('/feed')
  await post('Post by Ben')
  await user.click(screen.getByRole('button', { name: 'More about this post' }))
  await user.click(screen.getByRole('menuitem', { name: 'Report' }))
  await user.selectOptions(await screen.findByRole('combobox', { name: 'What is wrong with it?' }), 'abuse')
  await user.click(screen.getByRole('button', { name: 'Report' }))
  await screen.findByText('Thank you. An administrator will look at it.')
  expect(api.inputsOf('feed.report')).toEqual([{ subject: idOf(1), reason: 'abuse', note: '' }])
})

test('what is new is announced, and shown when one wants to see it', async () => {
  const api = start({ ...STATE, 'feed.list': pageOf(itemView(1)) })
  const { user } = renderPage('/feed')
  await screen.findByText('post 1')
  await expect.poll(() => streams.open('feed.watch')).toBe(1)
  streams.send('feed.watch', { everyone: idOf(1), following: null, unreadMentions: 0 })
  api.set('feed.list', pageOf(itemView(2), itemView(1)))
  streams.send('feed.watch', { everyone: idOf(2), following: null, unreadMentions: 3 })
  await screen.findByRole('link', { name: 'Mentions 3 new' })
  await screen.findAllByRole('link', { name: 'Feed 3 new mentions' })
  expect(screen.queryByText('post 2')).toBeNull()
  await user.click(await screen.findByRole('button', { name: 'New posts' }))
  await screen.findByText('post 2')
  expect(screen.queryByRole('button', { name: 'New posts' })).toBeNull()
})

test('every page counts new mentions beside the way to the feed', async () => {
  start({ 'feed.state': { unreadMentions: 2, asked: [] } })
  renderPage('/')
  await screen.findAllByRole('link', { name: 'Feed 2 new mentions' })
})

test('what the computer asks to post waits for its owner', async () => {
  const asked = itemView(1, { kind: 'post', actor: 'ai', text: 'I learned to bake', isMine: true })
  const api = start({ ...STATE, 'feed.state': { unreadMentions: 0, asked: [asked] }, 'feed.approve': asked })
  const { user } = renderPage('/feed')
  const area = within(await screen.findByRole('region', { name: 'Your computer would like to post' }))
  api.set('feed.state', { unreadMentions: 0, asked: [] })
  await user.click(area.getByRole('button', { name: 'Post' }))
  await expect.poll(() => screen.queryByText('Your computer would like to post')).toBeNull()
  expect(api.inputsOf('feed.approve')).toEqual([{ itemId: idOf(1) }])
})

test('a post on its own page has its comments, and takes one', async () => {
  const comment = {
    ...{ id: `cmt_${'0'.repeat(26)}`, author: itemView(1).author, text: 'Well done', isMine: true },
    ...{ at: '2026-01-01T00:00:00.000Z', canDelete: true, isHidden: false },
  }
  const empty = { comments: [], nextCursor: null }
  const api = start({
    ...STATE,
    'feed.get': itemView(1),
    'feed.comments.list': empty,
    'feed.comments.add': comment,
  })
  const { user } = renderPage(`/feed/${idOf(1)}`)
  await screen.findByText('Nobody has said anything yet.')
  await user.type(screen.getByRole('textbox', { name: 'Add a comment' }), 'Well done')
  api.set('feed.comments.list', { ...empty, comments: [comment] })
  await user.click(screen.getByRole('button', { name: 'Comment' }))
  await screen.findByText('Well done')
  expect(api.inputsOf('feed.comments.add')).toEqual([{ itemId: idOf(1), text: 'Well done' }])
})

test('a post that one may not see is no error', async () => {
  start({ ...STATE, 'feed.get': fails('not_found', 'This post does not exist, or you may not see it.') })
  renderPage(`/feed/${idOf(1)}`)
  await screen.findByText('This post is not here')
})

test('what the computer may post is a choice', async () => {
  const api = start({
    'feed.settings': { milestones: 'on', posts: 'ask' },
    'feed.changeSettings': { milestones: 'on', posts: 'off' },
  })
  const { user } = renderPage('/settings/posting')
  const group = await screen.findByRole('group', { name: 'Posts of its own' })
  await user.click(within(group).getByRole('radio', { name: 'Never' }))
  await screen.findByText('Saved.')
  expect(api.inputsOf('feed.changeSettings')).toEqual([{ milestones: 'on', posts: 'off' }])
})

test('administrators hide what was reported, and take it back', async () => {
  const reported = {
    ...{ subject: idOf(1), text: 'buy this', visibility: 'public', at: '2026-01-01T00:00:00.000Z' },
    ...{
      author: { handle: 'ben', displayName: 'Ben', isSuspended: false },
      isHidden: false,
      isDeleted: false,
    },
    ...{
      reports: [{ reason: 'spam', note: 'Really', by: 'ada', at: '2026-01-01T00:00:00.000Z' }],
      reportCount: 1,
    },
  }
  const admin = { ...CARLA, role: 'admin' }
  const api = start({
    'auth.session': admin,
    'admin.moderation.list': { items: [reported], nextCursor: null },
    'admin.moderation.decide': { ok: true },
  })
  const { user } = renderPage('/admin/reports')
  await screen.findByText('buy this')
  api.set('admin.moderation.list', { items: [], nextCursor: null })
  await user.click(screen.getByRole('button', { name: 'Hide' }))
  await screen.findByText(/Nothing is waiting for you/)
  const told = (await screen.findByText('Hidden.')).closest('li')
  if (!told) throw new Error('The message is no message.')
  await user.click(within(told).getByRole('button', { name: 'Undo' }))
  await expect
    .poll(() => api.inputsOf('admin.moderation.decide'))
    .toEqual([
      { subject: idOf(1), verdict: 'hide' },
      { subject: idOf(1), verdict: 'show' },
    ])
})

test('a meeting of AIs names the other, and leads to their profile', async () => {
  const met = { handle: 'ada', displayName: 'Ada Lovelace' }
  const mine = itemView(2, { kind: 'met', actor: 'ai', text: '', met, isMine: true })
  const asked = itemView(3, {
    kind: 'met',
    actor: 'ai',
    text: '',
    met,
    isMine: true,
    visibility: 'followers',
  })
  const theirs = itemView(1, { kind: 'met', actor: 'ai', text: '', met, visibility: 'followers' })
  start({ ...STATE, 'feed.list': pageOf(theirs, mine), 'feed.state': { unreadMentions: 0, asked: [asked] } })
  renderPage('/feed')
  const [first, second] = await screen.findAllByRole('article', { name: 'Post by Ben' })
  const words = (of: HTMLElement | undefined, text: string) => {
    if (!of) throw new Error('It is not there.')
    const link = within(of).getByRole('link', { name: '@ada’s AI' })
    expect(link.getAttribute('href')).toBe('/@ada')
    expect(link.parentElement?.textContent).toBe(text)
  }
  words(first, 'Their AI met @ada’s AI')
  words(second, 'Your AI met @ada’s AI')
  words(screen.getByRole('region', { name: 'Your computer would like to post' }), 'Your AI met @ada’s AI')
})
