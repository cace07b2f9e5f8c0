import type { BlockKind, Desired, UserId } from '@matrixos/shared'
import { DESIRED } from '@matrixos/shared'
import { and, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blocks, users } from '../db/schema/index.ts'
import { openPeople } from './testing/people.ts'
import { isMutedBy, isSeenBy, maySee } from './visibility.ts'

let people: Awaited<ReturnType<typeof openPeople>>
let ada: UserId
let ben: UserId
beforeAll(async () => {
  people = await openPeople()
  ada = (await people.person('ada')).id
  ben = (await people.person('ben')).id
}, 180_000)
afterAll(() => people.close())

const found = async (condition: ReturnType<typeof isSeenBy>) => {
  const { db } = people.database
  return (
    (
      await db
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.id, ben), condition))
    ).length > 0
  )
}

const kindsArbitrary = fc.uniqueArray(fc.constantFrom<BlockKind>('block', 'mute'))
const case_ = fc.record({
  who: fc.constantFrom('stranger', 'ada', 'ben'),
  isSuspended: fc.boolean(),
  desired: fc.constantFrom<Desired>(...DESIRED),
  ofAda: kindsArbitrary,
  ofBen: kindsArbitrary,
})

it('decides in SQL as the rule does, whoever looks and however they stand to each other', async () => {
  const seen = { yes: 0, no: 0 }
  await fc.assert(
    fc.asyncProperty(case_, async ({ who, isSuspended, desired, ofAda, ofBen }) => {
      const { db } = people.database
      await people.stand(ben, { isSuspended, desired })
      await db.delete(blocks)
      const rows = [
        ...ofAda.map((kind) => ({ blocker: ada, blocked: ben, kind, at: new Date() })),
        ...ofBen.map((kind) => ({ blocker: ben, blocked: ada, kind, at: new Date() })),
      ]
      if (rows.length > 0) await db.insert(blocks).values(rows)
      const viewer = { stranger: null, ada, ben }[who] ?? null
      const isBlockBetween = who === 'ada' && rows.some(({ kind }) => kind === 'block')
      const expected = maySee({ viewer, person: ben, standing: { isSuspended, desired }, isBlockBetween })
      expect(await found(isSeenBy(viewer, users.id))).toBe(expected)
      expect(await found(isMutedBy(ada, users.id))).toBe(ofAda.includes('mute'))
      seen[expected ? 'yes' : 'no']++
    }),
    { numRuns: 150 },
  )
  expect(seen.yes).toBeGreaterThan(0)
  expect(seen.no).toBeGreaterThan(0)
})

it('hides who is suspended or leaving from everybody but themselves', () => {
  const standing = { isSuspended: false, desired: 'asleep' } as const
  const sight = { viewer: ada, person: ben, standing, isBlockBetween: false }
  expect(maySee(sight)).toBe(true)
  expect(maySee({ ...sight, viewer: null })).toBe(true)
  expect(maySee({ ...sight, isBlockBetween: true })).toBe(false)
  expect(maySee({ ...sight, standing: { ...standing, isSuspended: true } })).toBe(false)
  expect(maySee({ ...sight, standing: { ...standing, desired: 'leaving' } })).toBe(false)
  expect(maySee({ ...sight, viewer: ben, standing: { isSuspended: false, desired: 'leaving' } })).toBe(true)
})
