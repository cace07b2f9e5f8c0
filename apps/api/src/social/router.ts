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
} from '@matrixos/shared'
import { z } from 'zod'
import type { Endpoint } from '../http/endpoint.ts'
import { networkOf } from '../http/network.ts'
import { router, signedInProcedure, viewerEndpoint } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import { SOCIAL_ENDPOINTS } from './endpoints.ts'
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

const person = z.object({ handle: z.string().min(1).max(64) })
const block = person.extend({ kind: blockKindSchema })

/** What anyone may read, each through their own eyes. */
const readRouter = (options: SocialRouterOptions) => {
  const { profiles, follows, sharedApps, search, newestPeople, socialReads } = options
  const read = (endpoint: Endpoint) =>
    viewerEndpoint(endpoint).use(async ({ ctx, next }) => {
      await socialReads.take(networkOf(ctx.request.address))
      return next({ ctx: { ...ctx, viewerId: ctx.viewer?.userId ?? null } })
    })
  const list = (endpoint: Endpoint) =>
    read(endpoint).input(socialPageInputSchema.extend(person.shape)).output(publicPeoplePageSchema)
  return {
    profile: read(SOCIAL_ENDPOINTS.profile)
      .input(person)
      .output(profileViewSchema)
      .query(({ ctx, input }) => profiles.profile(ctx.viewerId, input.handle)),

    followers: list(SOCIAL_ENDPOINTS.followers).query(({ ctx, input }) =>
      follows.list(ctx.viewerId, 'followers', input),
    ),
    following: list(SOCIAL_ENDPOINTS.following).query(({ ctx, input }) =>
      follows.list(ctx.viewerId, 'following', input),
    ),

    /** People by handle or name, best first. */
    search: read(SOCIAL_ENDPOINTS.search)
      .input(z.object({ text: searchTextSchema, limit: z.number().int().min(1).max(50).default(20) }))
      .output(z.object({ items: z.array(publicPersonSchema) }))
      .query(async ({ ctx, input }) => ({ items: await search(ctx.viewerId, input.text, input.limit) })),

    people: read(SOCIAL_ENDPOINTS.people)
      .input(socialPageInputSchema)
      .output(publicPeoplePageSchema)
      .query(({ ctx, input }) => newestPeople(ctx.viewerId, input)),

    /** What was published last, first. */
    apps: read(SOCIAL_ENDPOINTS.apps)
      .input(socialPageInputSchema)
      .output(appsPageSchema)
      .query(({ ctx, input }) => sharedApps.newest(ctx.viewerId, input)),
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
