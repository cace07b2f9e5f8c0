import { expect, it, onTestFinished } from 'vitest'
import { blocks, follows, profiles } from '../db/schema/index.ts'
import { createOwnRecord } from './own-record.ts'
import { openPeople } from './testing/people.ts'

it('holds what somebody said of themselves, and whom they follow and block, whether or not these are still seen', async () => {
  const people = await openPeople()
  onTestFinished(people.close)
  const { database, person } = people
  const { db } = database
  const [ada, bob, eve] = [
    await person('ada'),
    await person('bob', { isSuspended: true }),
    await person('eve'),
  ]
  const at = new Date('2026-01-02T03:04:05Z')
  const recordOf = createOwnRecord(database)
  expect(await recordOf(ada.id)).toEqual({ bio: '', aiName: '', aiBio: '', following: [], blocked: [] })

  const said = { bio: 'Counts.', aiName: 'Engine', aiBio: 'Weaves.' }
  await db.insert(profiles).values({ userId: ada.id, ...said, updatedAt: at })
  await db.insert(follows).values({ follower: ada.id, followee: bob.id, at })
  await db.insert(follows).values({ follower: eve.id, followee: ada.id, at })
  await db.insert(blocks).values({ blocker: ada.id, blocked: eve.id, kind: 'mute', at })
  expect(await recordOf(ada.id)).toEqual({
    ...said,
    following: [{ handle: 'bob', since: at }],
    blocked: [{ handle: 'eve', kind: 'mute', since: at }],
  })
})
