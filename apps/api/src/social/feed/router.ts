/** The feed: input → service → output. */
import {
  commentInputSchema,
  commentPageSchema,
  commentsQuerySchema,
  commentViewSchema,
  type FeedNews,
  feedItemViewSchema,
  feedPageSchema,
  feedQuerySchema,
  feedSettingsSchema,
  feedStateSchema,
  idSchema,
  postInputSchema,
  reportInputSchema,
  type Scope,
  type UserId,
} from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { type StreamDoors, streamOf } from '../../access/streams.ts'
import type { Endpoint } from '../../http/endpoint.ts'
import { networkOf } from '../../http/network.ts'
import { router, scopedProcedure, signedInProcedure, viewerEndpoint } from '../../http/trpc.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { Reports } from '../moderation/reports.ts'
import type { Comments } from './comments.ts'
import { FEED_ENDPOINTS } from './endpoints.ts'
import type { Feed } from './service.ts'

export interface FeedRouterOptions extends StreamDoors {
  feed: Feed
  comments: Comments
  reports: Reports
  /** Of one network, whoever asks: what anyone may read. */
  readLimit: Pick<AttemptLimit, 'take'>
}

const READ = 'feed:read' satisfies Scope
const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const item = z.object({ itemId: idSchema('itm') })
const comment = z.object({ commentId: idSchema('cmt') })
/** A stream tells how things stand, so none of its events has to be told again. */
const resumable = z.object({ lastEventId: z.string().optional() }).default({})

const readerOf = ({ viewer }: { viewer: { userId: UserId } | null }): UserId | null => viewer?.userId ?? null

/** What anyone may read, each through their own eyes. */
const readProcedure = (endpoint: Endpoint, { readLimit }: FeedRouterOptions) =>
  viewerEndpoint(endpoint).use(async ({ ctx, next }) => {
    await readLimit.take(networkOf(ctx.request.address))
    return next()
  })

const readRouter = (options: FeedRouterOptions) => ({
  list: readProcedure(FEED_ENDPOINTS.list, options)
    .input(feedQuerySchema)
    .output(feedPageSchema)
    .query(({ ctx, input }) => options.feed.page(readerOf(ctx), input)),

  get: readProcedure(FEED_ENDPOINTS.get, options)
    .input(item)
    .output(feedItemViewSchema)
    .query(({ ctx, input }) => options.feed.itemFor(readerOf(ctx), input.itemId)),
})

const writeRouter = ({ feed, reports }: FeedRouterOptions) => ({
  post: signedInProcedure
    .input(postInputSchema)
    .output(feedItemViewSchema)
    .mutation(({ ctx, input }) => feed.post(ctx.principal.userId, input)),

  /** One's own; `restore` brings it back for a while. */
  remove: signedInProcedure
    .input(item)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await feed.remove(ctx.principal.userId, input.itemId)
      return done
    }),

  restore: signedInProcedure
    .input(item)
    .output(feedItemViewSchema)
    .mutation(({ ctx, input }) => feed.restore(ctx.principal.userId, input.itemId)),

  like: signedInProcedure
    .input(item.extend({ isLiked: z.boolean() }))
    .output(feedItemViewSchema)
    .mutation(({ ctx, input }) => feed.like(ctx.principal.userId, input.itemId, input.isLiked)),

  /** Tells administrators. Once for each thing: again changes the reason. */
  report: signedInProcedure
    .input(reportInputSchema)
    .output(ok)
    .mutation(async ({ ctx, input }) => {
      await reports.add(ctx.principal.userId, input)
      return done
    }),
})

const commentsRouter = (options: FeedRouterOptions) => {
  const { comments } = options
  return router({
    list: readProcedure(FEED_ENDPOINTS.comments, options)
      .input(commentsQuerySchema)
      .output(commentPageSchema)
      .query(({ ctx, input }) => comments.page(readerOf(ctx), input)),

    add: signedInProcedure
      .input(commentInputSchema)
      .output(commentViewSchema)
      .mutation(({ ctx, input }) => comments.add(ctx.principal.userId, input)),

    remove: signedInProcedure
      .input(comment)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await comments.remove(ctx.principal.userId, input.commentId)
        return done
      }),

    restore: signedInProcedure
      .input(comment)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await comments.restore(ctx.principal.userId, input.commentId)
        return done
      }),
  })
}

/** What one's computer would like to post, and may. */
const ownRouter = ({ feed }: FeedRouterOptions) => ({
  state: signedInProcedure.output(feedStateSchema).query(({ ctx }) => feed.state(ctx.principal.userId)),

  markMentionsRead: signedInProcedure.output(ok).mutation(async ({ ctx }) => {
    await feed.markMentionsRead(ctx.principal.userId)
    return done
  }),

  /** What is not approved is removed like any other item. */
  approve: signedInProcedure
    .input(item)
    .output(feedItemViewSchema)
    .mutation(({ ctx, input }) => feed.approve(ctx.principal.userId, input.itemId)),

  settings: signedInProcedure
    .output(feedSettingsSchema)
    .query(({ ctx }) => feed.settings(ctx.principal.userId)),

  changeSettings: signedInProcedure
    .input(feedSettingsSchema)
    .output(feedSettingsSchema)
    .mutation(({ ctx, input }) => feed.change(ctx.principal.userId, input)),
})

export const feedRouter = (options: FeedRouterOptions) =>
  router({
    ...readRouter(options),
    ...writeRouter(options),
    ...ownRouter(options),
    comments: commentsRouter(options),

    /** Where the lists begin, now and after each change. */
    watch: scopedProcedure(READ)
      .input(resumable)
      .subscription(async ({ ctx: { principal }, signal }) => {
        const open = streamOf(options, principal, READ, signal)
        return trackedNews(options.feed.watch(principal.userId, open))
      }),
  })

async function* trackedNews(changes: AsyncGenerator<FeedNews>) {
  for await (const news of changes) yield tracked(news.everyone ?? news.following ?? 'none', news)
}
