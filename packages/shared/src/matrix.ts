/**
 * Accounts at a Matrix homeserver: a person's, `@handle`, and their AI's, `@handle_ai`. Written for `zod/mini`, which an
 * instance can afford.
 */
import * as z from 'zod/mini'

export const MATRIX_ACCOUNT_KINDS = ['person', 'ai'] as const
export type MatrixAccountKind = (typeof MATRIX_ACCOUNT_KINDS)[number]

/** Ends the name of an AI's account; no handle has an underscore. */
export const AI_SUFFIX = '_ai'

/**
 * The name of an account before the colon. A homeserver gives the name of a deactivated account to nobody again, so
 * whoever gets a handle that somebody else had before is `handle.2`. No handle has a dot.
 */
export const matrixLocalpart = (handle: string, kind: MatrixAccountKind, turn = 1): string =>
  `${handle}${turn > 1 ? `.${turn}` : ''}${kind === 'ai' ? AI_SUFFIX : ''}`

const matrixAccount = z.object({
  /** `@handle:DOMAIN` */
  userId: z.string(),
  accessToken: z.string(),
  /** The same for as long as the computer keeps its keys. */
  deviceId: z.string(),
  /** ISO 8601: from then on ask again, while it still holds. `null`: it does not end by itself. */
  renewAt: z.nullable(z.string()),
})
export type MatrixAccount = z.infer<typeof matrixAccount>

/** `GET /instance/matrix`, which an instance asks with its own token. */
export const matrixAccess = z.discriminatedUnion('state', [
  /** This platform has no homeserver. */
  z.object({ state: z.literal('off') }),
  /** The accounts are not made yet, or the homeserver is away: ask again later. */
  z.object({ state: z.literal('pending'), retryAfterS: z.number() }),
  z.object({
    state: z.literal('ready'),
    /** Where this instance reaches it. */
    homeserverUrl: z.string(),
    /** The part of user ids after the colon. */
    serverName: z.string(),
    person: matrixAccount,
    ai: matrixAccount,
  }),
])
export type MatrixAccess = z.infer<typeof matrixAccess>

/** What an instance is handed when something waits for it at the homeserver: for whom, not what. */
export const matrixCall = z.object({ person: z.boolean(), ai: z.boolean() })
export type MatrixCall = z.infer<typeof matrixCall>

/** `POST /instance/matrix/person`: who that is at the homeserver, and how the instance's owner stands to them. */
export const matrixPersonAsked = z.object({ handle: z.string().check(z.minLength(1), z.maxLength(64)) })
export const matrixPerson = z.object({
  handle: z.string(),
  /** `null`: the account is being made. */
  person: z.nullable(z.string()),
  ai: z.nullable(z.string()),
  /** By the instance's owner. */
  isFollowed: z.boolean(),
})
export type MatrixPerson = z.infer<typeof matrixPerson>

/** A client of a person's own that is signed in. */
export interface MatrixLogin {
  deviceId: string
  /** As its owner calls it. */
  name: string
  createdAt: string
}

/** `isOn: false`: this platform has no homeserver. */
export type MatrixStanding =
  | { isOn: false }
  | {
      isOn: true
      homeserverUrl: string
      /** `null`: the account is being made. */
      userId: string | null
      logins: MatrixLogin[]
    }

export interface MatrixLoginMade {
  /** In this answer, and never in another. */
  accessToken: string
  userId: string
  homeserverUrl: string
  login: MatrixLogin
}
