/** Challenges: 5 minutes, single use, bound to a purpose and to the browser that asked. */

import { type Id, newId } from '@matrixos/shared'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { ChallengePurpose } from '../../db/schema/index.ts'
import { AppError } from '../../errors.ts'
import { readCookie, setCookie } from '../../http/cookies.ts'
import type { RequestInfo } from '../../http/request.ts'
import { sha256 } from '../../keys.ts'
import { ATTEMPT_EXPIRED } from '../../texts.ts'
import type { ChallengeRow, ChallengeStore } from './store.ts'

const LIFE_MS = 5 * 60_000

/** Of a sign-up that needs one; a challenge from before there were any has none. */
const invite = z.string().nullable().default(null)

/** What each purpose keeps until the answer comes. */
const PAYLOADS = {
  register: z.object({ handle: z.string(), invite, challenge: z.string(), webauthnId: z.string() }),
  login: z.object({ challenge: z.string() }),
  step_up: z.object({ challenge: z.string(), userId: z.string() }),
  register_totp: z.object({
    handle: z.string(),
    invite,
    userId: z.string(),
    passwordHash: z.string(),
    sealedSecret: z.string(),
  }),
  add_passkey: z.object({ challenge: z.string(), userId: z.string() }),
  enrol: z.object({ challenge: z.string(), userId: z.string() }),
  add_totp: z.object({ userId: z.string(), passwordHash: z.string(), sealedSecret: z.string() }),
} as const satisfies Record<ChallengePurpose, z.ZodType>
type Payload<P extends ChallengePurpose> = z.infer<(typeof PAYLOADS)[P]>

export type Challenges = ReturnType<typeof createChallenges>

export function createChallenges({ store, clock }: { store: ChallengeStore; clock: Clock }) {
  const expired = () => new AppError('challenge_expired', ATTEMPT_EXPIRED)

  const hashOf = (request: RequestInfo) => sha256(readCookie(request.headers.get('cookie'), 'browser') ?? '')

  function open<P extends ChallengePurpose>(purpose: P, row: ChallengeRow | null): Payload<P> {
    if (!row || row.expiresAt.getTime() <= clock.now()) throw expired()
    return PAYLOADS[purpose].parse(row.payload) as Payload<P>
  }

  return {
    /** What an answer to no valid challenge is told. */
    expired,

    async issue<P extends ChallengePurpose>(
      request: RequestInfo,
      purpose: P,
      payload: Payload<P>,
    ): Promise<Id<'chl'>> {
      const known = readCookie(request.headers.get('cookie'), 'browser')
      const nonce = known ?? Buffer.from(clock.random(32)).toString('base64url')
      request.setCookie(setCookie('browser', nonce))
      const id = newId('chl', clock)
      const expiresAt = new Date(clock.now() + LIFE_MS)
      await store.insertChallenge({ id, purpose, browserHash: sha256(nonce), payload, expiresAt })
      return id
    },

    /** Spends it, also when what follows fails. Throws `challenge_expired`. */
    take: async <P extends ChallengePurpose>(
      request: RequestInfo,
      purpose: P,
      id: Id<'chl'>,
    ): Promise<Payload<P>> => open(purpose, await store.takeChallenge(id, purpose, hashOf(request))),

    /** One of several attempts; `take` it after the right one. */
    attempt: async <P extends ChallengePurpose>(
      request: RequestInfo,
      purpose: P,
      id: Id<'chl'>,
      attempts: number,
    ) => open(purpose, await store.tryChallenge(id, purpose, hashOf(request), attempts)),
  }
}
