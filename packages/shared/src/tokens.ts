/** API tokens, and logins of devices that have no browser: what clients send and read. Times are ISO 8601, UTC. */
import { z } from 'zod'
import { isPlainLine, PLAIN_LINE } from './display-name.ts'
import { idSchema } from './ids.ts'
import { scopeSchema } from './scopes.ts'

/** Days that a token can be asked to live; the first that is offered is the shortest. */
export const TOKEN_LIVES_DAYS = [7, 30, 90, 365] as const
export const DEFAULT_TOKEN_DAYS = 90
/** No token lives for ever: one that everybody forgot ends by itself. */
export const LONGEST_TOKEN_DAYS = 366

export const tokenNameSchema = z
  .string()
  .trim()
  .min(1, 'Give the token a name.')
  .max(64)
  .refine(isPlainLine, PLAIN_LINE)

/** Some of the scopes, each once. */
const scopesSchema = z
  .array(scopeSchema)
  .min(1, 'Choose at least one permission.')
  .transform((scopes) => [...new Set(scopes)])

/** `expiry`: in so many days, or at a moment of one's own. */
export const newTokenSchema = z.object({
  name: tokenNameSchema,
  scopes: scopesSchema,
  expiry: z
    .union([z.object({ days: z.literal(TOKEN_LIVES_DAYS) }), z.object({ at: z.iso.datetime() })])
    .default({ days: DEFAULT_TOKEN_DAYS }),
})
export type NewToken = z.output<typeof newTokenSchema>

export const tokenViewSchema = z.object({
  id: idSchema('tok'),
  name: z.string(),
  /** Its first characters: enough to recognize it, too few to use it. */
  hint: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.iso.datetime(),
  /** `null`: never. */
  expiresAt: z.iso.datetime().nullable(),
  isExpired: z.boolean(),
  /** To the minute; `null`: not yet. */
  lastUsedAt: z.iso.datetime().nullable(),
})
export type TokenView = z.infer<typeof tokenViewSchema>

/** The one answer that holds the token itself. */
export const createdTokenSchema = z.object({ token: z.string(), view: tokenViewSchema })

/** The grant type of RFC 8628, section 3.4. */
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** Minutes in which a device's login can be approved. */
export const DEVICE_LOGIN_MINUTES = 10

/** RFC 8628, section 6.1: no vowels, so no words; no digits, so nothing looks like a letter. */
export const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const USER_CODE_LENGTH = 8

/** A user code as somebody typed it, in whatever case and with whatever separators; `null`: it cannot be one. */
export function parseUserCode(text: string): string | null {
  const letters = text.toUpperCase().replaceAll(/[\s\p{P}]/gu, '')
  return new RegExp(`^[${USER_CODE_LETTERS}]{${USER_CODE_LENGTH}}$`).test(letters) ? letters : null
}

/** `BCDFGHJK` → `BCDF-GHJK`, as devices show it. */
export const showUserCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/** What whoever approves a device's login has to know. */
export const deviceLoginViewSchema = z.object({
  userCode: z.string(),
  /** As the program calls itself: nobody has checked it. */
  clientName: z.string(),
  /** The network address that it asked from. */
  address: z.string(),
  userAgent: z.string(),
  askedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** What it gets if approved. */
  scopes: z.array(scopeSchema),
  /** What it asked for, and this account cannot give. */
  refusedScopes: z.array(scopeSchema),
  decision: z.enum(['approved', 'denied']).nullable(),
})
export type DeviceLoginView = z.infer<typeof deviceLoginViewSchema>
