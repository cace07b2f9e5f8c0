/** What administrators do to people: to several at once, to one, and how somebody comes in again. */
import { z } from 'zod'
import { peopleFilterSchema } from './admin.ts'
import { idSchema } from './ids.ts'
import { roleSchema } from './scopes.ts'

const count = z.number().int()

/** What can be done to several people at once. `admin.people.preview` says to whom, and gives the `token` for it. */
export const PEOPLE_ACTIONS = [
  'suspend',
  'unsuspend',
  'revokeSessions',
  'sleepInstance',
  'wakeInstance',
] as const
export const peopleActionSchema = z.enum(PEOPLE_ACTIONS)
export type PeopleAction = z.infer<typeof peopleActionSchema>

/** People that one action may touch. */
export const MOST_PEOPLE_AT_ONCE = 500

export const peopleSelectionSchema = z.union([
  z.object({ ids: z.array(idSchema('usr')).min(1).max(MOST_PEOPLE_AT_ONCE) }),
  z.object({ filter: peopleFilterSchema }),
])
export type PeopleSelection = z.infer<typeof peopleSelectionSchema>

export const peoplePreviewInputSchema = z.object({
  selection: peopleSelectionSchema,
  action: peopleActionSchema,
})

export const peoplePreviewSchema = z.object({
  /** To be presented by the action together with the ids of `people`: it touches nobody else. */
  token: z.string(),
  /** All whom it touches, by handle. */
  people: z.array(z.object({ id: idSchema('usr'), handle: z.string() })),
  /** Those selected whom it does not touch, and why. */
  skipped: z.array(z.object({ handle: z.string(), why: z.string() })),
})
export type PeoplePreview = z.infer<typeof peoplePreviewSchema>

export const peopleActionInputSchema = z.object({
  ids: z.array(idSchema('usr')).min(1).max(MOST_PEOPLE_AT_ONCE),
  token: z.string().max(100),
})
export type PeopleActionInput = z.infer<typeof peopleActionInputSchema>
/** Shown to the person when they sign in. */
export const suspensionReasonSchema = z.string().trim().min(3).max(300)
export const suspendInputSchema = peopleActionInputSchema.extend({ reason: suspensionReasonSchema })

/** `failed`: whom the preview named and it could not touch any more, and what stood in the way. */
export const peopleOutcomeSchema = z.object({
  done: count,
  failed: z.array(z.object({ handle: z.string(), message: z.string() })),
})
export type PeopleOutcome = z.infer<typeof peopleOutcomeSchema>

/** `admin.people.setRole` */
export const setRoleInputSchema = z.object({ id: idSchema('usr'), role: roleSchema })

/** `admin.people.enrolmentLink`: for who has lost every way to sign in. Shown once. */
export const enrolmentLinkInputSchema = z.object({
  id: idSchema('usr'),
  /** How the person proved outside the platform who they are; goes to the audit log. */
  proof: z.string().trim().min(3).max(300),
})
export const oneTimeLinkViewSchema = z.object({ url: z.url(), expiresAt: z.iso.datetime() })
export type OneTimeLinkView = z.infer<typeof oneTimeLinkViewSchema>
