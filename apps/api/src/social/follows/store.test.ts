import type { UserId } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { blocks, follows } from '../../db/schema/index.ts'
import { openPeople } from '../testing/people.ts'
import { createFollowLists, type FollowLists } from './lists.ts'
import { createFollowsStore, type FollowsStore } from './store.ts'

let people: Awaited<ReturnType<typeof openPeople>>
let store: FollowsStore & FollowLists
let ada: UserId
let ben: UserId
let cleo: UserId
beforeAll(async () => {
  people = await openPeople()
  store = { ...createFollowsStore(people.database), ...createFollowLists(people.database) }
  ada = (await people.person('ada')).id
  ben = (await people.person('ben')).id
  cleo = (await people.person('cleo')).id
}, 180_000)
afterAll(() => people.close())
beforeEach(async () => {
  await people.database.db.delete(follows)
  await people.database.db.delete(blocks)
  await people.stand(ben, {})
})

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const ALL = { after: null, most: 50 }
const handlesOf = (rows: { person: { handle: string } }[]) => rows.map(({ person }) => person.handle)

it('counts somebody who is followed twice once', async () => {
  expect(await store.follow(ada, ben, at(1), 10)).toBe('done')
  expect(await store.follow(ada, ben, at(2), 10)).toBe('done')
  expect(await store.counts(null, ben)).toEqual({ followers: 1, following: 0 })
  expect(await store.counts(null, ada)).toEqual({ followers: 0, following: 1 })
  await store.unfollow(ada, ben)
  expect(await store.counts(null, ben)).toEqual({ followers: 0, following: 0 })
})

it('lets nobody follow more people than they may, and whom they follow already again', async () => {
  expect(await store.follow(ada, ben, at(1), 1)).toBe('done')
  expect(await store.follow(ada, cleo, at(2), 1)).toBe('too_many')
  expect(await store.follow(ada, ben, at(3), 1)).toBe('done')
})

it('ends what two people follow of each other when one blocks the other, and lets neither follow again', async () => {
  await store.follow(ada, ben, at(1), 10)
  await store.follow(ben, ada, at(1), 10)
  expect(await store.block({ blocker: ada, blocked: ben, kind: 'block', at: at(2) }, 10)).toBe('done')
  expect(await store.counts(null, ada)).toEqual({ followers: 0, following: 0 })
  expect(await store.follow(ada, ben, at(3), 10)).toBe('not_seen')
  expect(await store.follow(ben, ada, at(3), 10)).toBe('not_seen')
  await store.unblock(ada, ben, 'block')
  expect(await store.follow(ben, ada, at(4), 10)).toBe('done')
})

it('tells whoever is blocked no more than that there is nobody, and whoever blocks what they can take back', async () => {
  await store.block({ blocker: ada, blocked: ben, kind: 'block', at: at(1) }, 10)
  expect(await store.relation(ben, 'ada')).toBeNull()
  expect(await store.relation(ada, 'ben')).toMatchObject({ isSeen: false, blocks: true, mutes: false })
  expect(await store.block({ blocker: ben, blocked: ada, kind: 'block', at: at(2) }, 10)).toBe('not_seen')
  expect(await store.blockedBy(ada)).toMatchObject([{ kind: 'block', handle: 'ben' }])
})

it('keeps follows when somebody is muted', async () => {
  await store.follow(ada, ben, at(1), 10)
  await store.block({ blocker: ada, blocked: ben, kind: 'mute', at: at(2) }, 10)
  expect(await store.relation(ada, 'ben')).toMatchObject({ follows: true, mutes: true, blocks: false })
  expect(await store.relation(ben, 'ada')).toMatchObject({ follows: false, followsBack: true, mutes: false })
})

it('lists and counts nobody who the viewer does not see', async () => {
  await store.follow(ben, ada, at(1), 10)
  await store.follow(cleo, ada, at(2), 10)
  expect(handlesOf(await store.followers(null, ada, ALL))).toEqual(['cleo', 'ben'])
  await people.stand(ben, { isSuspended: true })
  expect(handlesOf(await store.followers(null, ada, ALL))).toEqual(['cleo'])
  expect((await store.counts(null, ada)).followers).toBe(1)
  await people.stand(ben, {})
  await store.block({ blocker: cleo, blocked: ben, kind: 'block', at: at(3) }, 10)
  expect(handlesOf(await store.followers(ben, ada, ALL))).toEqual(['ben'])
  expect(handlesOf(await store.followers(cleo, ada, ALL))).toEqual(['cleo'])
  expect((await store.counts(ben, ada)).followers).toBe(1)
})

it('pages through people who came in the same moment, each once', async () => {
  await store.follow(ben, ada, at(1), 10)
  await store.follow(cleo, ada, at(1), 10)
  const [first] = await store.followers(null, ada, { after: null, most: 1 })
  const after = first ? { at: first.at, userId: first.person.id } : null
  const rest = await store.followers(null, ada, { after, most: 5 })
  expect(new Set(handlesOf([...(first ? [first] : []), ...rest]))).toEqual(new Set(['ben', 'cleo']))
  expect(rest).toHaveLength(1)
})

it('follows nobody who blocks in the same moment', async () => {
  for (let i = 0; i < 10; i++) {
    await Promise.all([
      store.follow(ada, ben, at(i), 10),
      store.block({ blocker: ben, blocked: ada, kind: 'block', at: at(i) }, 10),
    ])
    expect(await people.database.db.$count(follows)).toBe(0)
    await store.unblock(ben, ada, 'block')
  }
})
