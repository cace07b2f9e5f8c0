/** Sign-up, login, sessions: input → service → output. */
import {
  handleAvailabilitySchema,
  handleSchema,
  idSchema,
  inviteCodeSchema,
  puzzleSchema,
  solvedPuzzleSchema,
  type UserId,
  userViewSchema,
} from '@matrixos/shared'
import { z } from 'zod'
import type { Audit } from '../audit/store.ts'
import { AppError } from '../errors.ts'
import { networkOf } from '../http/network.ts'
import { publicProcedure, router, signedInProcedure } from '../http/trpc.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Accounts } from './accounts/service.ts'
import type { UserViews } from './accounts/view.ts'
import { type EnrolmentRouterOptions, enrolmentRouter } from './enrolment/router.ts'
import { limitedBy } from './limited.ts'
import { noticesRouter } from './notices/router.ts'
import type { Notices } from './notices/service.ts'
import type { ManagePasskeys } from './passkeys/manage.ts'
import { passkeysRouter } from './passkeys/router.ts'
import type { PasskeyLogin } from './passkeys/service.ts'
import { authenticationResponseSchema, registrationResponseSchema } from './passkeys/webauthn-schema.ts'
import { type ProfileRouterOptions, profileRouter } from './profile/router.ts'
import type { ProofOfWork } from './proof-of-work/service.ts'
import { type RecoveryRouterOptions, recoveryRouter } from './recovery/router.ts'
import { sessionsRouter } from './sessions/router.ts'
import type { Sessions } from './sessions/service.ts'
import { stepUpRouter } from './step-up/router.ts'
import type { StepUp } from './step-up/service.ts'
import type { ManageTotp } from './totp/manage.ts'
import { newPasswordSchema, passwordInputSchema } from './totp/password.ts'
import { totpRouter } from './totp/router.ts'
import type { TotpLogin } from './totp/service.ts'
import { totpCodeSchema } from './totp/totp.ts'

export interface AuthRouterOptions
  extends EnrolmentRouterOptions,
    RecoveryRouterOptions,
    ProfileRouterOptions {
  accounts: Accounts
  proofOfWork: ProofOfWork
  passkeys: PasskeyLogin
  ownPasskeys: ManagePasskeys
  totp: TotpLogin
  ownTotp: ManageTotp
  notices: Notices
  sessions: Sessions
  stepUp: StepUp
  users: UserViews
  audit: Audit
  limit: AttemptLimit
  /** Look-ups of handles. */
  lookupLimit: AttemptLimit
}

const challengeId = idSchema('chl')
const done = z.object({ ok: z.literal(true) })
const ok = { ok: true } as const

export function authRouter(options: AuthRouterOptions) {
  const { accounts, proofOfWork, passkeys, totp, sessions, users, audit, limit, lookupLimit } = options
  const limited = limitedBy(limit)
  const lookup = limitedBy(lookupLimit)
  /**
   * The second half of a sign-up. Its challenge was counted when it was issued, and by now a passkey is on the
   * person's device: only calls without a valid challenge count.
   */
  const begun = publicProcedure.use(async ({ ctx, next }) => {
    const result = await next()
    const cause = result.ok ? undefined : result.error.cause
    if (cause instanceof AppError && cause.code === 'challenge_expired')
      await limit.take(networkOf(ctx.request.address))
    return result
  })
  const signUp = limited
    .input(
      z.object({
        handle: z.string().max(64),
        invite: inviteCodeSchema.optional(),
        proofOfWork: solvedPuzzleSchema.exactOptional(),
      }),
    )
    .use(async ({ input, next }) => {
      await proofOfWork.require(input.proofOfWork)
      return next()
    })
  const view = (id: Promise<UserId>) => id.then(users.of)

  return router({
    passkeys: passkeysRouter(options),
    totp: totpRouter(options),
    recovery: recoveryRouter(options, limited),
    enrolment: enrolmentRouter(options, limited),
    notices: noticesRouter(options),

    handleAvailability: lookup
      .input(z.object({ handle: z.string().max(64) }))
      .output(handleAvailabilitySchema)
      .query(({ input }) => accounts.availability(input.handle)),

    /** What a sign-up that was refused with `proof_of_work_required` solves and sends along. */
    proofOfWork: limited.output(puzzleSchema).mutation(() => proofOfWork.puzzle()),

    registerPasskeyOptions: signUp.mutation(({ ctx, input }) => passkeys.registerOptions(ctx.request, input)),

    registerPasskey: begun
      .input(z.object({ challengeId, response: registrationResponseSchema }))
      .output(userViewSchema)
      .mutation(({ ctx, input }) => view(passkeys.register(ctx.request, input))),

    loginPasskeyOptions: limited.mutation(({ ctx }) => passkeys.loginOptions(ctx.request)),

    loginPasskey: limited
      .input(z.object({ challengeId, response: authenticationResponseSchema }))
      .output(userViewSchema)
      .mutation(({ ctx, input }) => view(passkeys.login(ctx.request, input))),

    registerTotpStart: signUp
      .input(z.object({ password: newPasswordSchema }))
      .mutation(({ ctx, input }) => totp.registerStart(ctx.request, input)),

    registerTotp: begun
      .input(z.object({ challengeId, code: totpCodeSchema }))
      .output(userViewSchema)
      .mutation(({ ctx, input }) => view(totp.register(ctx.request, input))),

    loginTotp: limited
      .input(z.object({ handle: handleSchema, password: passwordInputSchema, code: totpCodeSchema }))
      .output(userViewSchema)
      .mutation(({ ctx, input }) => view(totp.login(ctx.request, input))),

    /** Who is signed in, or `null` for a visitor without an account. `unauthorized`: call `refresh`, then ask again. */
    session: publicProcedure.output(userViewSchema.nullable()).query(async ({ ctx }) => {
      const principal = await ctx.principal()
      if (principal?.how === 'session') return users.of(principal.userId)
      sessions.refuseIfRenewable(ctx.request)
      return null
    }),

    stepUp: stepUpRouter(options),

    sessions: sessionsRouter(options),
    profile: profileRouter(options),

    me: signedInProcedure.output(userViewSchema).query(({ ctx }) => users.of(ctx.principal.userId)),

    refresh: limited.output(done).mutation(async ({ ctx }) => {
      await sessions.refresh(ctx.request)
      return ok
    }),

    logout: signedInProcedure.output(done).mutation(async ({ ctx: { request, principal } }) => {
      await sessions.close(request, principal)
      await audit.record({
        actor: principal.userId,
        action: 'logout',
        target: principal.sessionId,
        address: request.address,
      })
      return ok
    }),

    logoutEverywhere: signedInProcedure
      .output(z.object({ sessions: z.number().int() }))
      .mutation(async ({ ctx: { request, principal } }) => {
        const { userId } = principal
        const closed = await sessions.closeAll(request, principal)
        const entry = { actor: userId, action: 'logout_everywhere', target: userId } as const
        await audit.record({ ...entry, address: request.address, detail: { sessions: closed } })
        return { sessions: closed }
      }),
  })
}
