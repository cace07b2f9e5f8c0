/** What the feed says when two people's AIs have met: one item in the name of each, as far as they let their computers. */
import { type InstanceId, newId, type UserId } from '@matrixos/shared'
import { and, eq, inArray } from 'drizzle-orm'
import type { Clock } from '../../clock.ts'
import type { DbOrTx } from '../../db/database.ts'
import type { ItemId } from '../../db/schema/feed.ts'
import { feedItems, instances, users } from '../../db/schema/index.ts'
import { isSeenBy } from '../visibility.ts'
import { type FeedStore, MOST_ASKED } from './store.ts'
import { postedEvent, type Tell } from './told.ts'

export interface MeetingsOptions {
  store: Pick<FeedStore, 'settings' | 'askedOf'>
  tell: Tell
  clock: Clock
}

interface Meeting {
  authorId: UserId
  metUser: UserId
}

export function createMeetings({ store, tell, clock }: MeetingsOptions) {
  const isSeen = async (tx: DbOrTx, { authorId, metUser }: Meeting): Promise<boolean> =>
    (await tx.$count(users, and(eq(users.id, metUser), isSeenBy(authorId, users.id)))) > 0

  async function say(tx: DbOrTx, meeting: Meeting): Promise<ItemId | null> {
    const { authorId } = meeting
    const { milestones } = await store.settings(authorId, tx)
    if (milestones === 'off' || !(await isSeen(tx, meeting))) return null
    // Strangers write to whom they like: they fill nobody's list of what is to be decided.
    if (milestones === 'ask' && (await store.askedOf(authorId, tx)) >= MOST_ASKED) return null
    const at = new Date(clock.now())
    const item = {
      ...{ id: newId('itm', clock), ...meeting, actor: 'ai' as const, kind: 'met' as const, text: '' },
      ...{ visibility: 'followers' as const, createdAt: at, askedAt: milestones === 'ask' ? at : null },
    }
    await tx.insert(feedItems).values(item)
    if (item.askedAt === null) await tell(tx, [await postedEvent(tx, item)])
    return item.id
  }

  /** In the transaction of whoever saw it, who calls it once for each pair. Resolves to what is to be announced. */
  return async (tx: DbOrTx, pair: readonly [InstanceId, InstanceId]): Promise<ItemId[]> => {
    // Instances outlive their people for a while.
    const owners = await tx
      .select({ userId: users.id })
      .from(instances)
      .innerJoin(users, eq(users.id, instances.userId))
      .where(inArray(instances.id, [...pair]))
    const [one, other] = owners.map(({ userId }) => userId)
    if (!one || !other) return []
    const said = [
      await say(tx, { authorId: one, metUser: other }),
      await say(tx, { authorId: other, metUser: one }),
    ]
    return said.filter((id) => id !== null)
  }
}
