/**
 * What people's computers tell the feed, as far as their owners let them: what they post themselves, and the apps of which
 * the platform knows that they are published.
 */
import {
  type AiPosting,
  type FeedSettings,
  type InstanceId,
  type InstancePost,
  type InstancePosted,
  isLeaving,
  mentionsIn,
  newId,
  type UserId,
} from '@matrixos/shared'
import { eq } from 'drizzle-orm'
import type { Clock } from '../../clock.ts'
import type { Database, DbOrTx, Tx } from '../../db/database.ts'
import { feedItems, instances } from '../../db/schema/index.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { FeedLive } from './live.ts'
import { type FeedStore, MOST_ASKED } from './store.ts'
import { postedEvent, type Tell } from './told.ts'

export interface ComputersOptions {
  store: Pick<FeedStore, 'settings' | 'insert' | 'askedOf'>
  live: Pick<FeedLive, 'announce'>
  /** Posts of one computer: whatever runs in it may say so. */
  limit: Pick<AttemptLimit, 'take'>
  clock: Clock
}

/** An app that anyone may open from now on. */
export interface AppPublished {
  instanceId: InstanceId
  app: string
  title: string
  at: Date
}

const NOT_LET = 'The owner of this computer does not let it post. They can change that in the settings.'
const ASKED_ENOUGH = 'The owner of this computer has not yet decided about what it asked to post before.'
const NOT_NOW = 'This computer cannot post now.'

const STRICTEST: readonly AiPosting[] = ['off', 'ask', 'on']

/** Words of its own are a post, whatever they are said about. */
function allowed({ posts, milestones }: FeedSettings, { kind, text }: InstancePost): AiPosting {
  if (kind === 'post') return posts
  if (text === '') return milestones
  return STRICTEST.find((each) => each === posts || each === milestones) ?? 'off'
}

/** As far as it matters to whoever reads them, a title is the app's own name. */
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** A title of other words is a post: where nobody has let them or is asked about them, the app goes by its name. */
function titleOf({ app, title }: { app: string; title: string }, areWordsLet: boolean): string {
  const isName = lettersOf(title) === lettersOf(app)
  return title !== '' && (areWordsLet || isName) ? title : app
}

async function ownerOf(db: DbOrTx, id: InstanceId) {
  const [row] = await db
    .select({ userId: instances.userId, isSuspended: instances.isSuspended, desired: instances.desired })
    .from(instances)
    .where(eq(instances.id, id))
  return row
}

export const createComputerPosts =
  ({ db, store, live, limit, clock }: ComputersOptions & Pick<Database, 'db'>) =>
  /** Throws `forbidden` where its owner lets it post nothing. */
  async (instanceId: InstanceId, post: InstancePost): Promise<InstancePosted> => {
    const owner = await ownerOf(db, instanceId)
    if (!owner || owner.isSuspended || isLeaving(owner.desired)) throw new AppError('forbidden', NOT_NOW)
    const settings = await store.settings(owner.userId)
    const leave = allowed(settings, post)
    if (leave === 'off') throw new AppError('forbidden', NOT_LET)
    if (leave === 'ask' && (await store.askedOf(owner.userId)) >= MOST_ASKED)
      throw new AppError('conflict', ASKED_ENOUGH)
    await limit.take(instanceId)
    const id = newId('itm', clock)
    const at = new Date(clock.now())
    const areWordsLet = settings.posts === 'on' || leave === 'ask'
    const app = post.kind === 'app_built' ? { app: post.app, appTitle: titleOf(post, areWordsLet) } : {}
    const { kind, text, visibility } = post
    await store.insert(
      {
        ...{ id, authorId: owner.userId, actor: 'ai', kind, text, visibility, createdAt: at, ...app },
        askedAt: leave === 'ask' ? at : null,
      },
      mentionsIn(text),
    )
    live.announce(id)
    return { id, state: leave === 'ask' ? 'asked' : 'posted' }
  }

/**
 * In the transaction that publishes an app. Told of once: whoever publishes it again has the same item back, which is seen
 * for as long as the app is open to anyone.
 */
export const createAppNews =
  ({ store, tell, clock }: { store: Pick<FeedStore, 'settings'>; tell: Tell; clock: Clock }) =>
  async (tx: Tx, { instanceId, app, title, at }: AppPublished): Promise<void> => {
    const owner = await ownerOf(tx, instanceId)
    if (!owner) return
    const { milestones } = await store.settings(owner.userId, tx)
    if (milestones === 'off') return
    const authorId: UserId = owner.userId
    const [posted] = await tx
      .insert(feedItems)
      .values({
        ...{ id: newId('itm', clock), authorId, actor: 'human', kind: 'app_published', text: '' },
        ...{ app, appTitle: title, visibility: 'public', createdAt: at },
        askedAt: milestones === 'ask' ? at : null,
      })
      .onConflictDoNothing()
      .returning()
    if (posted && !posted.askedAt) await tell(tx, [await postedEvent(tx, posted)])
  }
