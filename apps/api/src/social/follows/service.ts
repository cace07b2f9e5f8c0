/** Following, blocking and muting people: the rules. */
import {
  type BlockedView,
  type BlockKind,
  type Hosts,
  normalizeHandle,
  type PublicPeoplePage,
  type RelationView,
  type SocialPageInput,
  type UserId,
} from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { publicPerson } from '../listed.ts'
import type { People } from '../people.ts'
import type { FollowLists, RelationCursor } from './lists.ts'
import type { FollowsStore, Related } from './store.ts'

export interface FollowsOptions {
  store: FollowsStore
  lists: FollowLists
  people: People
  hosts: Pick<Hosts, 'apiOrigin'>
  /** Follows of one account. */
  limit: Pick<AttemptLimit, 'take'>
  clock: Pick<Clock, 'now'>
  mostFollows: number
  mostBlocks: number
}

export type Follows = ReturnType<typeof createFollows>
export type FollowList = 'followers' | 'following'

const SELF = { follow: 'You cannot follow yourself.', block: 'You cannot block or mute yourself.' }

export function createFollows(options: FollowsOptions) {
  const { store, lists, people, hosts, limit, clock, mostFollows, mostBlocks } = options
  const now = () => new Date(clock.now())

  /** Somebody who the viewer sees, or whom they blocked themselves. */
  async function related(viewer: UserId, handle: string) {
    const found = await lists.relation(viewer, normalizeHandle(handle))
    if (!found) throw people.nobody(handle)
    return found
  }

  async function relation(viewer: UserId, handle: string): Promise<RelationView> {
    const { isSelf, follows, followsBack, blocks, mutes } = await related(viewer, handle)
    return { isSelf, follows, followsBack, blocks, mutes }
  }

  /** Throws unless it was done. */
  function expectDone(outcome: Related, handle: string, tooMany: string): void {
    if (outcome === 'not_seen') throw people.nobody(handle)
    if (outcome === 'too_many') throw new AppError('conflict', tooMany)
  }

  return {
    /** Throws `not_found`, as all others. */
    relation,

    /** Throws `conflict` beyond the limit. */
    async follow(viewer: UserId, handle: string): Promise<RelationView> {
      const { id, isSelf } = await related(viewer, handle)
      if (isSelf) throw new AppError('invalid_input', SELF.follow)
      await limit.take(viewer)
      const outcome = await store.follow(viewer, id, now(), mostFollows)
      expectDone(outcome, handle, `You can follow ${mostFollows} people at most.`)
      return relation(viewer, handle)
    },

    async unfollow(viewer: UserId, handle: string): Promise<RelationView> {
      await store.unfollow(viewer, (await related(viewer, handle)).id)
      return relation(viewer, handle)
    },

    /** Throws `conflict` beyond the limit. */
    async block(viewer: UserId, handle: string, kind: BlockKind): Promise<RelationView> {
      const { id, isSelf } = await related(viewer, handle)
      if (isSelf) throw new AppError('invalid_input', SELF.block)
      const outcome = await store.block({ blocker: viewer, blocked: id, kind, at: now() }, mostBlocks)
      expectDone(outcome, handle, `You can block or mute ${mostBlocks} people at most.`)
      return relation(viewer, handle)
    },

    /** Also of somebody who has been suspended since, or is leaving. */
    async unblock(viewer: UserId, handle: string, kind: BlockKind): Promise<void> {
      const id = await people.idOf(normalizeHandle(handle))
      if (id) await store.unblock(viewer, id, kind)
    },

    /** Whom the viewer blocked or muted. */
    blocked: async (viewer: UserId): Promise<BlockedView[]> =>
      (await lists.blockedBy(viewer)).map(({ at, ...rest }) => ({ ...rest, since: at.toISOString() })),

    async list(
      viewer: UserId | null,
      which: FollowList,
      { handle, cursor, limit }: SocialPageInput & { handle: string },
    ): Promise<PublicPeoplePage> {
      const { id } = await people.seen(viewer, handle)
      const from = readCursor(cursor)
      const after: RelationCursor | null = from && { at: from.at, userId: from.id as UserId }
      const found = await lists[which](viewer, id, { after, most: limit + 1 })
      const { rows, nextCursor } = pageOf(found, limit, ({ at, person }) => ({ at, id: person.id }))
      return { items: rows.map(({ person }) => publicPerson(hosts.apiOrigin, person)), nextCursor }
    },
  }
}
