import type { InstanceId, UserId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import type { AccountRow } from './accounts-store.ts'
import { createPersonCalls } from './person.ts'

const [ADA, BOB] = ['usr_ada', 'usr_bob'] as UserId[]
const [OF_ADA, OF_BOB] = ['ins_ada', 'ins_bob'] as InstanceId[]

function ask(
  made: Pick<AccountRow, 'kind' | 'localpart'>[],
  follows: [UserId | undefined, UserId | undefined][] = [],
) {
  const calls = createPersonCalls({
    ownerOf: (id) => (id === OF_ADA ? ADA : BOB),
    instanceOf: (id) => (id === ADA ? OF_ADA : OF_BOB),
    accounts: { made: async () => made as AccountRow[] },
    serverName: 'example.org',
  })({
    async seen(viewer, handle) {
      if (viewer !== ADA || handle === 'eve') throw new AppError('not_found', 'There is nobody called so.')
      if (handle === 'ada' && ADA) return { id: ADA, handle }
      if (BOB) return { id: BOB, handle: 'bob' }
      throw new Error('unreachable')
    },
    isFollowed: async (one, other) => follows.some(([a, b]) => a === one && b === other),
  })
  return (body: unknown) => calls['POST /matrix/person']?.(OF_ADA ?? ('' as InstanceId), body)
}

it('says who somebody is at the homeserver, and whether the owner follows them', async () => {
  const made = [
    { kind: 'person', localpart: 'bob.2' },
    { kind: 'ai', localpart: 'bob.2_ai' },
  ] as const
  const names = { handle: 'bob', person: '@bob.2:example.org', ai: '@bob.2_ai:example.org' }
  expect(await ask([...made])({ handle: 'bob' })).toEqual({ ...names, isFollowed: false })
  expect(await ask([...made], [[ADA, BOB]])({ handle: 'bob' })).toEqual({ ...names, isFollowed: true })
})

it('says that accounts are still being made, and counts everybody as following themselves', async () => {
  expect(await ask([])({ handle: 'ada' })).toEqual({
    handle: 'ada',
    person: null,
    ai: null,
    isFollowed: true,
  })
})

it('says nothing of whom the owner does not see, and takes no other words for a handle', async () => {
  await expect(ask([])({ handle: 'eve' })).rejects.toMatchObject({ code: 'not_found' })
  await expect(ask([])({ handle: 7 })).rejects.toThrow()
})
