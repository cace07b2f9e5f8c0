/** What administrators read and do: input → service → output. */
import {
  adminOverviewSchema,
  auditPageSchema,
  auditSearchSchema,
  createInviteInputSchema,
  enrolmentLinkInputSchema,
  instanceLogSchema,
  inviteCodeSchema,
  invitePageSchema,
  inviteViewSchema,
  oneTimeLinkViewSchema,
  pageInputSchema,
  peopleActionInputSchema,
  peopleFilterSchema,
  peopleOutcomeSchema,
  peoplePageSchema,
  peoplePreviewInputSchema,
  peoplePreviewSchema,
  personViewSchema,
  setRoleInputSchema,
  settingChangeSchema,
  settingsViewSchema,
  suspendInputSchema,
  usageViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import { requireRecentProof, requireScope } from '../access/policy.ts'
import { networkOf } from '../http/network.ts'
import { router, scopedProcedure, serviceProcedure, stepUpProcedure } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { SettingsAdministration } from '../settings/service.ts'
import type { AuditSearches } from './audit/service.ts'
import type { Invites } from './invites/service.ts'
import type { Overview } from './overview/service.ts'
import type { PeopleActions } from './people/actions.ts'
import type { People } from './people/service.ts'
import type { Roles } from './roles/service.ts'

export interface AdminRouterOptions {
  overview: Overview
  people: People
  peopleActions: PeopleActions
  invites: Invites
  audits: AuditSearches
  settings: SettingsAdministration
  roles: Roles
  /** Attempts to open a link that makes somebody an administrator. */
  linkLimit: AttemptLimit
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const handle = z.object({ handle: z.string().max(64) })

const readProcedure = scopedProcedure('admin:read')
const writeProcedure = scopedProcedure('admin:write')
/** Changes what is hard to take back: a session also needs a proof of the last 5 minutes. */
const graveProcedure = writeProcedure.use(({ ctx, next }) => {
  if (ctx.principal.how === 'session') requireRecentProof(ctx.principal, ctx.now())
  return next()
})

/** Gives somebody power over an account, which no scope speaks of: by it, a token would become whoever it likes. */
const personalProcedure = stepUpProcedure.use(({ ctx, next }) => {
  requireScope(ctx.principal, 'admin:write')
  return next()
})

const peopleRouter = ({ people, peopleActions, roles }: AdminRouterOptions) =>
  router({
    list: readProcedure
      .input(pageInputSchema.extend({ filter: peopleFilterSchema.default({}) }))
      .output(peoplePageSchema)
      .query(({ input }) => people.list(input)),

    get: readProcedure
      .input(handle)
      .output(personViewSchema)
      .query(({ ctx, input }) => people.get(ctx.principal, input.handle)),

    /** The last lines that their instance printed. Waits for the engine, some seconds at most. */
    log: readProcedure
      .input(handle)
      .output(instanceLogSchema)
      .query(({ input }) => people.log(input.handle)),

    /** What their computer used in the last day; `null`: they have none. */
    usage: readProcedure
      .input(handle)
      .output(usageViewSchema.nullable())
      .query(({ input }) => people.usage(input.handle)),

    /** Changes nothing; a mutation, since hundreds of ids are too long for an address. */
    preview: readProcedure
      .input(peoplePreviewInputSchema)
      .output(peoplePreviewSchema)
      .mutation(({ ctx, input }) => peopleActions.preview(ctx.principal, input)),

    suspend: graveProcedure
      .input(suspendInputSchema)
      .output(peopleOutcomeSchema)
      .mutation(({ ctx, input }) => peopleActions.suspend(ctx, input)),

    unsuspend: graveProcedure
      .input(peopleActionInputSchema)
      .output(peopleOutcomeSchema)
      .mutation(({ ctx, input }) => peopleActions.run(ctx, 'unsuspend', input)),

    revokeSessions: writeProcedure
      .input(peopleActionInputSchema)
      .output(peopleOutcomeSchema)
      .mutation(({ ctx, input }) => peopleActions.run(ctx, 'revokeSessions', input)),

    sleepInstance: writeProcedure
      .input(peopleActionInputSchema)
      .output(peopleOutcomeSchema)
      .mutation(({ ctx, input }) => peopleActions.run(ctx, 'sleepInstance', input)),

    wakeInstance: writeProcedure
      .input(peopleActionInputSchema)
      .output(peopleOutcomeSchema)
      .mutation(({ ctx, input }) => peopleActions.run(ctx, 'wakeInstance', input)),

    setRole: personalProcedure
      .input(setRoleInputSchema)
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await roles.set(ctx, input)
        return done
      }),

    enrolmentLink: personalProcedure
      .input(enrolmentLinkInputSchema)
      .output(oneTimeLinkViewSchema)
      .mutation(({ ctx, input }) => people.enrolmentLink(ctx, input)),
  })

const invitesRouter = ({ invites }: AdminRouterOptions) =>
  router({
    list: readProcedure
      .input(pageInputSchema)
      .output(invitePageSchema)
      .query(({ input }) => invites.list(input)),

    create: writeProcedure
      .input(createInviteInputSchema)
      .output(inviteViewSchema)
      .mutation(({ ctx, input }) => invites.create(ctx, input)),

    /** Nobody can use it from now on; it leaves the list. Accounts that it made stay. */
    revoke: writeProcedure
      .input(z.object({ code: inviteCodeSchema }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await invites.revoke(ctx, input.code)
        return done
      }),
  })

/** What `npm run admin` calls, on the private socket. */
const serverRouter = ({ roles, people }: AdminRouterOptions) =>
  router({
    enrol: serviceProcedure
      .input(handle)
      .output(oneTimeLinkViewSchema)
      .mutation(({ input }) => people.enrolmentLinkByServer(input.handle)),

    grant: serviceProcedure
      .input(handle)
      .output(oneTimeLinkViewSchema)
      .mutation(({ input }) => roles.issueLink(input.handle)),

    revoke: serviceProcedure
      .input(handle)
      .output(ok)
      .mutation(async ({ input }) => {
        await roles.revokeByServer(input.handle)
        return done
      }),

    list: serviceProcedure
      .output(z.array(z.object({ handle: z.string(), lastSeenAt: z.iso.datetime().nullable() })))
      .query(() => roles.admins()),
  })

export const adminRouter = (options: AdminRouterOptions) => {
  const { overview, audits, settings, roles, linkLimit } = options
  return router({
    overview: readProcedure.output(adminOverviewSchema).query(() => overview.read()),
    people: peopleRouter(options),
    invites: invitesRouter(options),

    audit: router({
      search: readProcedure
        .input(auditSearchSchema)
        .output(auditPageSchema)
        .query(({ input }) => audits.search(input)),
    }),

    settings: router({
      get: readProcedure.output(settingsViewSchema).query(() => settings.view()),
      set: writeProcedure
        .input(settingChangeSchema)
        .output(settingsViewSchema)
        .mutation(({ ctx, input }) => settings.change(ctx, input)),
    }),

    /** Makes the signed-in person an administrator, by the link that the server's command line gave them. */
    accept: stepUpProcedure
      .input(z.object({ secret: z.string().max(100) }))
      .output(ok)
      .mutation(async ({ ctx, input }) => {
        await linkLimit.take(networkOf(ctx.request.address))
        await roles.accept(ctx, input.secret)
        return done
      }),

    server: serverRouter(options),
  })
}
