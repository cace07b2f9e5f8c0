/** Nothing of an item reaches anyone who may not see it, whichever way they ask. */
import { type BlockKind, type FeedVisibility, newId, type UserId } from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { blocks, feedComments, feedItems, feedMentions, follows, users } from '../../db/schema/index.ts'
import { openPeople } from '../testing/people.ts'
import { createCommentStore } from './comment-store.ts'
import type { PageOf } from './lists.ts'
import { createFeedPages } from './pages.ts'
import { isVisible, type Situation } from './visibility.ts'

let people: Awaited<ReturnType<typeof openPeople>>
let ada: UserId
let ben: UserId
/** Whom Ben's AI met. */
let dan: UserId
beforeAll(async () => {
  people = await openPeople()
  ada = (await people.person('ada')).id
  ben = (await people.person('ben')).id
  dan = (await people.person('dan')).id
}, 180_000)
afterAll(() => people.close())

// Most of what hides an item is rare, or nearly all would be hidden.
const rarely = fc.constantFrom(false, false, false, true)
type Met = 'nobody' | 'dan' | 'dan suspended' | 'dan leaving'
/** Who blocks whom. */
type DanBlock = 'none' | `${'ada' | 'ben'}, dan` | `dan, ${'ada' | 'ben'}`
const situations = fc.record({
  visibility: fc.constantFrom<FeedVisibility>('public', 'followers', 'private'),
  viewer: fc.constantFrom('stranger', 'ada', 'ben'),
  isHidden: rarely,
  isAsked: rarely,
  isDeleted: rarely,
  follows: fc.boolean(),
  // Most of the time nobody is suspended or blocked: the rest of the rule is to be seen as well.
  isSuspended: rarely,
  desired: fc.constantFrom('asleep' as const, 'awake' as const, 'leaving' as const),
  met: fc.constantFrom<Met>('nobody', 'nobody', 'dan', 'dan suspended', 'dan leaving'),
  danBlock: fc.constantFrom<DanBlock>('none', 'none', 'ada, dan', 'dan, ada', 'ben, dan', 'dan, ben'),
  block: fc.constantFrom<'none' | 'by ada' | 'by ben' | 'mute'>('none', 'none', 'by ada', 'by ben', 'mute'),
})
type Case = typeof situations extends fc.Arbitrary<infer T> ? T : never

const time = (is: boolean) => (is ? new Date() : null)

const standingOfDan = ({ met }: Case) => ({
  isSuspended: met === 'dan suspended',
  desired: met === 'dan leaving' ? ('leaving' as const) : ('asleep' as const),
})
const sightOfDan = (given: Case, viewer: UserId | null) => ({
  ...{ viewer, person: dan, standing: standingOfDan(given) },
  isBlockBetween: viewer !== null && given.danBlock.includes(viewer === ada ? 'ada' : 'ben'),
})

/** Ben has written an item that mentions Ada, who is to him what the case says. */
async function arrange(given: Case) {
  const { db } = people.database
  for (const table of [feedItems, blocks, follows]) await db.delete(table)
  await people.stand(ben, given)
  await people.stand(dan, standingOfDan(given))
  const id = newId('itm', systemClock)
  await db.insert(feedItems).values({
    ...{ id, authorId: ben, actor: 'human', kind: 'post', text: 'Hello, @ada', visibility: given.visibility },
    ...{ createdAt: new Date(), askedAt: time(given.isAsked), hiddenAt: time(given.isHidden) },
    ...{ deletedAt: time(given.isDeleted), metUser: given.met === 'nobody' ? null : dan },
  })
  await db.insert(feedMentions).values({ source: id, itemId: id, userId: ada, at: new Date() })
  const at = new Date()
  if (given.follows) await db.insert(follows).values({ follower: ada, followee: ben, at })
  const kind: BlockKind = given.block === 'mute' ? 'mute' : 'block'
  const [blocker, blocked] = given.block === 'by ben' ? [ben, ada] : [ada, ben]
  if (given.block !== 'none') await db.insert(blocks).values({ blocker, blocked, kind, at })
  const [by, whom] = given.danBlock.split(', ').map((name) => ({ ada, ben, dan })[name])
  if (by && whom) await db.insert(blocks).values({ blocker: by, blocked: whom, kind: 'block', at })
  return id
}

function expectations(given: Case, viewer: UserId | null) {
  const isBlockBetween = viewer === ada && given.block.startsWith('by')
  const situation: Situation = {
    ...given,
    isFollower: given.follows && viewer === ada,
    ...(given.met !== 'nobody' && {
      named: { reader: sightOfDan(given, viewer), author: sightOfDan(given, ben) },
    }),
    sight: {
      ...{ viewer, person: ben, isBlockBetween },
      standing: { isSuspended: given.isSuspended, desired: given.desired },
    },
  }
  const isSeen = isVisible(situation)
  const isMuted = viewer === ada && given.block === 'mute'
  return {
    byId: isSeen,
    person: isSeen,
    everyone: isSeen && given.visibility === 'public' && !given.isHidden && !isMuted,
    following: isSeen && !isMuted && (viewer === ben || (viewer === ada && given.follows)),
    mentions: isSeen && viewer === ada && !isMuted,
  }
}

it('shows an item exactly where the rule says so, in every list', async () => {
  const pages = createFeedPages(people.database)
  const seen = { yes: 0, no: 0 }
  await fc.assert(
    fc.asyncProperty(situations, async (given) => {
      const id = await arrange(given)
      const viewer = { stranger: null, ada, ben }[given.viewer] ?? null
      const has = async (of: PageOf) =>
        (await pages.page({ viewer, of, limit: 10 })).some(({ item }) => item.id === id)
      const own = viewer && { viewer }
      const found = {
        byId: (await pages.byId(viewer, id)) !== undefined,
        person: await has({ scope: 'person', authorId: ben }),
        everyone: await has({ scope: 'everyone' }),
        following: own !== null && (await has({ scope: 'following', ...own })),
        mentions: own !== null && (await has({ scope: 'mentions', ...own })),
      }
      expect(found).toEqual(expectations(given, viewer))
      if (viewer) {
        expect((await pages.newest(viewer, { scope: 'everyone' })) === id).toBe(found.everyone)
        expect(await pages.mentionsSince(viewer, null, 9)).toBe(found.mentions ? 1 : 0)
      }
      seen[found.byId ? 'yes' : 'no']++
    }),
    { numRuns: 180 },
  )
  expect(seen.yes).toBeGreaterThan(5)
  expect(seen.no).toBeGreaterThan(5)
}, 120_000)

it('shows and counts comments of those alone whom the reader sees', async () => {
  const { db } = people.database
  const pages = createFeedPages(people.database)
  const comments = createCommentStore(people.database)
  const cleo = (await people.person('cleo')).id
  const id = await arrange({
    ...{ visibility: 'public', viewer: 'ada', isHidden: false, isAsked: false, isDeleted: false },
    ...{ follows: false, isSuspended: false, desired: 'asleep', block: 'none' },
    ...{ met: 'nobody', danBlock: 'none' },
  })
  await db.insert(feedComments).values({
    ...{ id: newId('cmt', systemClock), itemId: id, authorId: cleo, text: 'Hi', createdAt: new Date() },
  })
  const shown = async (viewer: UserId | null) => [
    (await comments.page(viewer, id, undefined, 10)).length,
    (await pages.byId(viewer, id))?.comments,
  ]
  expect(await shown(ada)).toEqual([1, 1])
  await db.insert(blocks).values({ blocker: cleo, blocked: ada, kind: 'block', at: new Date() })
  expect(await shown(ada)).toEqual([0, 0])
  expect(await shown(null)).toEqual([1, 1])
  await db.update(feedComments).set({ hiddenAt: new Date() })
  expect(await shown(null)).toEqual([0, 0])
  expect(await shown(cleo)).toEqual([1, 1])
  await db.update(users).set({ suspendedAt: new Date() }).where(eq(users.id, cleo))
  await db.update(feedComments).set({ hiddenAt: null })
  expect(await shown(null)).toEqual([0, 0])
})
