/** People among people: input → service → output. */
import {
  appsPageSchema,
  blockedViewSchema,
  blockKindSchema,
  ownProfileSchema,
  ownProfileViewSchema,
  profileViewSchema,
  publicPeoplePageSchema,
  publicPersonSchema,
  relationViewSchema,
  searchTextSchema,
  socialPageInputSchema,
  type UserId,
} from '@matrixos/shared'
import { z } from 'zod'
import { networkOf } from '../http/network.ts'
import { type Context, publicProcedure, router, signedInProcedure } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Follows } from './follows/service.ts'
import type { People } from './people.ts'
import type { SharedApps } from './profiles/apps.ts'
import type { Profiles } from './profiles/service.ts'
import type { NewestPeople } from './search/newest.ts'
import type { Search } from './search/service.ts'

export interface SocialRouterOptions {
  profiles: Profiles
  follows: Follows
  people: People
  sharedApps: SharedApps
  search: Search
  newestPeople: NewestPeople
  /** Of one network, whoever asks: what anyone may read. */
  socialReads: Pick<AttemptLimit, 'take'>
}

/** Through whose eyes it is read; `null`: a stranger's. */
async function viewerOf({ principal }: Context): Promise<UserId | null> {
  const found = await principal()
  return found?.how === 'session' || found?.how === 'token' ? found.userId : null
}

const person = z.object({ handle: z.string().min(1).max(64) })
const block = person.extend({ kind: blockKindSchema })

/** What anyone may read, each through their own eyes. */
const readRouter = (options: SocialRouterOptions) => {
  const { profiles, follows, sharedApps, search, newestPeople, socialReads } = options
  const read = publicProcedure.use(async ({ ctx, next }) => {
    await socialReads.take(networkOf(ctx.request.address))
    return next({ ctx: { ...ctx, viewer: await viewerOf(ctx) } })
  })
  const list = read.input(socialPageInputSchema.extend(person.shape)).output(publicPeoplePageSchema)
  return {
    profile: read
      .input(person)
      .output(profileViewSchema)
      .query(({ ctx, input }) => profiles.profile(ctx.viewer, input.handle)),

    followers: list.query(({ ctx, input }) => follows.list(ctx.viewer, 'followers', input)),
    following: list.query(({ ctx, input }) => follows.list(ctx.viewer, 'following', input)),

    /** People by handle or name, best first. */
    search: read
      .input(z.object({ text: searchTextSchema, limit: z.number().int().min(1).max(50).default(20) }))
      .output(z.array(publicPersonSchema))
      .query(({ ctx, input }) => search(ctx.viewer, input.text, input.limit)),

    /** Everybody, who joined last first. */
    people: read
      .input(socialPageInputSchema)
      .output(publicPeoplePageSchema)
      .query(({ ctx, input }) => newestPeople(ctx.viewer, input)),

    /** Apps that anyone may open, what was published last first. */
    apps: read
      .input(socialPageInputSchema)
      .output(appsPageSchema)
      .query(({ ctx, input }) => sharedApps.newest(ctx.viewer, input)),
  }
}

export const socialRouter = (options: SocialRouterOptions) => {
  const { profiles, follows } = options
  const relation = signedInProcedure.output(relationViewSchema)
  return router({
    ...readRouter(options),

    ownProfile: signedInProcedure
      .output(ownProfileViewSchema)
      .query(({ ctx }) => profiles.own(ctx.principal)),
    editProfile: signedInProcedure
      .input(ownProfileSchema)
      .output(ownProfileViewSchema)
      .mutation(({ ctx, input }) => profiles.edit(ctx.principal, input)),

    /** What whoever asks has set towards somebody. The changes below answer it anew. */
    relation: relation
      .input(person)
      .query(({ ctx, input }) => follows.relation(ctx.principal.userId, input.handle)),
    follow: relation
      .input(person)
      .mutation(({ ctx, input }) => follows.follow(ctx.principal.userId, input.handle)),
    unfollow: relation
      .input(person)
      .mutation(({ ctx, input }) => follows.unfollow(ctx.principal.userId, input.handle)),
    block: relation
      .input(block)
      .mutation(({ ctx, input }) => follows.block(ctx.principal.userId, input.handle, input.kind)),

    /** Whom whoever asks blocked or muted; `unblock` answers the new list. */
    blocked: signedInProcedure
      .output(z.array(blockedViewSchema))
      .query(({ ctx }) => follows.blocked(ctx.principal.userId)),
    unblock: signedInProcedure
      .input(block)
      .output(z.array(blockedViewSchema))
      .mutation(async ({ ctx, input }) => {
        await follows.unblock(ctx.principal.userId, input.handle, input.kind)
        return follows.blocked(ctx.principal.userId)
      }),
  })
}
