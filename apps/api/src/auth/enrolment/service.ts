/**
 * The way back for whoever has lost everything: after a proof outside the platform an administrator issues a link that
 * lets the person add a passkey of their own, once. The administrator never adds one, and the owner is told of both the
 * link and the passkey.
 */
import type { Id, UserId } from '@matrixos/shared'
import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { RequestInfo } from '../../http/request.ts'
import { sha256 } from '../../keys.ts'
import type { Factors } from '../factors/service.ts'
import type { Notices } from '../notices/service.ts'
import type { PasskeyRegistration } from '../passkeys/registration.ts'
import type { Sessions } from '../sessions/service.ts'
import type { EnrolmentStore } from './store.ts'

const LIFE_MS = 24 * 3_600_000
const SECRET_BYTES = 32

export interface EnrolmentOptions {
  appOrigin: string
  store: EnrolmentStore
  registration: PasskeyRegistration
  factors: Pick<Factors, 'exclusively' | 'addPasskey'>
  sessions: Pick<Sessions, 'open' | 'refuseSuspended'>
  notices: Pick<Notices, 'add' | 'hide'>
  audit: Audit
  clock: Clock
}

export interface IssuedLink {
  /** The secret is behind the `#`, which no server and no log sees. */
  url: string
  expiresAt: Date
}

export type Enrolment = ReturnType<typeof createEnrolment>

const spentLink = () =>
  new AppError(
    'not_found',
    'This link has expired or was used already. Ask your administrator for a new one.',
  )

export function createEnrolment(options: EnrolmentOptions) {
  const { appOrigin, store, registration, factors, sessions, notices, audit, clock } = options

  async function find(secret: string) {
    const found = await store.find(sha256(secret), new Date(clock.now()))
    if (!found) throw spentLink()
    return found
  }

  return {
    /**
     * A link for 24 hours and one passkey; an earlier one of the same person ends. `address`: the administrator's, empty
     * for the server's command line. Throws `not_found` for an account that is gone.
     */
    issueLink: (o: { userId: UserId; createdBy: UserId | 'server'; address: string }): Promise<IssuedLink> =>
      factors.exclusively(o.userId, async (tx) => {
        const { userId, createdBy, address } = o
        const secret = Buffer.from(clock.random(SECRET_BYTES)).toString('base64url')
        const createdAt = new Date(clock.now())
        const expiresAt = new Date(createdAt.getTime() + LIFE_MS)
        await store.replace(tx, { hash: sha256(secret), userId, createdBy, createdAt, expiresAt })
        await notices.add({ userId, kind: 'enrolment_link_issued', address }, tx)
        const entry = { actor: createdBy, action: 'enrolment_link_issued', target: userId, address } as const
        await audit.record(entry, tx)
        return { url: `${appOrigin}/enrol#${secret}`, expiresAt }
      }),

    /** Whose link it is. Throws `not_found`. */
    async inspect(secret: string): Promise<{ handle: string; expiresAt: string }> {
      const { link, handle } = await find(secret)
      return { handle, expiresAt: link.expiresAt.toISOString() }
    },

    async passkeyOptions(request: RequestInfo, secret: string) {
      const { link } = await find(secret)
      await sessions.refuseSuspended(request, link.userId)
      return registration.begin(request, 'enrol', link.userId)
    },

    /** Spends the link and opens a session. A passkey that is refused leaves the link as it was. */
    async passkey(
      request: RequestInfo,
      input: { secret: string; challengeId: Id<'chl'>; response: RegistrationResponseJSON },
    ): Promise<UserId> {
      const { secret, ...answer } = input
      const { userId, hash, createdBy } = (await find(secret)).link
      // The link is for later then, and nobody is told that somebody came in.
      await sessions.refuseSuspended(request, userId)
      const row = await registration.finish(request, 'enrol', { userId, ...answer })
      const { address } = request
      const told: number[] = []
      // However many there are: an intruder who filled the account up would keep the owner out.
      await factors.addPasskey(
        row,
        async (tx) => {
          if (!(await store.spend(tx, hash, userId, new Date(clock.now())))) throw spentLink()
          told.push(await notices.add({ userId, kind: 'factor_added', address }, tx))
          const detail = { kind: 'passkey', name: row.name, by: 'enrolment_link', issuedBy: createdBy }
          await audit.record({ actor: userId, action: 'factor_added', target: userId, address, detail }, tx)
        },
        Number.POSITIVE_INFINITY,
      )
      const sessionId = await sessions.open(request, userId, 'link')
      for (const notice of told) await notices.hide(notice, sessionId)
      await audit.record({ actor: userId, action: 'login', target: userId, address, detail: { by: 'link' } })
      return userId
    },
  }
}
