/** Ways to sign in, as the api exposes them to their owner. Times are ISO 8601, UTC. */
import { z } from 'zod'
import { isPlainLine, PLAIN_LINE } from './display-name.ts'

/** Characters of a passkey's name. */
export const PASSKEY_NAME_MAX = 64

/** A name for people: trimmed, on one line. */
export const passkeyNameSchema = z
  .string()
  .transform((text) => text.replaceAll(/\s+/g, ' ').trim())
  .refine((text) => text.length >= 1 && text.length <= PASSKEY_NAME_MAX, {
    error: `Use 1 to ${PASSKEY_NAME_MAX} characters.`,
  })
  .refine(isPlainLine, PLAIN_LINE)

/** A credential id, base64url: at most 1023 bytes. */
export const credentialIdSchema = z.string().regex(/^[\w-]{1,1364}$/)

export const passkeyViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  /** May be copied to other devices, and whether it has been. */
  backupEligible: z.boolean(),
  backedUp: z.boolean(),
  transports: z.array(z.string()),
})
export type PasskeyView = z.infer<typeof passkeyViewSchema>

/** Oldest first, with what a browser needs to tell password managers which of them still count. */
export const passkeyListSchema = z.object({
  rpId: z.string(),
  /** The WebAuthn user id, base64url: the random bytes that passkeys know the person by. */
  userId: z.string(),
  handle: z.string(),
  displayName: z.string(),
  passkeys: z.array(passkeyViewSchema),
})
export type PasskeyList = z.infer<typeof passkeyListSchema>

export const RECOVERY_CODES = 10
/** From here on the person is asked to make new ones. */
export const RECOVERY_CODES_LOW = 3

export const recoveryStatusSchema = z.object({
  left: z.number().int(),
  /** When they were made; `null`: never. */
  createdAt: z.iso.datetime().nullable(),
})
export type RecoveryStatus = z.infer<typeof recoveryStatusSchema>

/** The only time that the codes are shown. */
export const recoveryCodesSchema = z.object({ codes: z.array(z.string()), createdAt: z.iso.datetime() })
export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>

export const NOTICE_KINDS = [
  'enrolment_link_issued',
  'factor_added',
  'recovery_code_used',
  'own_key_set',
  'own_key_removed',
  'credits_granted',
  'credits_denied',
] as const

/** What the owner of an account has to know and did not do in this session. */
export const noticeViewSchema = z.object({
  id: z.number().int(),
  kind: z.enum(NOTICE_KINDS),
  at: z.iso.datetime(),
  /** From where; empty when it was done on the server. */
  address: z.string(),
})
export type NoticeView = z.infer<typeof noticeViewSchema>
