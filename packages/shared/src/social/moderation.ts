/** Reports of what somebody wrote, and what administrators make of them. */
import { z } from 'zod'
import { idSchema } from '../ids.ts'
import { feedVisibilitySchema, REPORT_NOTE_CHARS } from './feed.ts'
import { isPlainText, NO_CONTROLS } from './text.ts'

export const REPORT_REASONS = {
  spam: 'Spam or advertising',
  abuse: 'Harassment or hate',
  privacy: 'Shows somebody’s private information',
  harmful: 'Dangerous or illegal',
  other: 'Something else',
} as const
export type ReportReason = keyof typeof REPORT_REASONS
export const reportReasonSchema = z.enum(Object.keys(REPORT_REASONS) as [ReportReason, ...ReportReason[]])

/** An item of the feed, or a comment. */
export const feedSubjectSchema = z.union([idSchema('itm'), idSchema('cmt')])
export type FeedSubject = z.infer<typeof feedSubjectSchema>

export const reportInputSchema = z.object({
  subject: feedSubjectSchema,
  reason: reportReasonSchema,
  note: z
    .string()
    .max(REPORT_NOTE_CHARS, `Use at most ${REPORT_NOTE_CHARS} characters.`)
    .refine(isPlainText, NO_CONTROLS)
    .transform((text) => text.trim())
    .default(''),
})
export type ReportInput = z.output<typeof reportInputSchema>

export const reportsQuerySchema = z.object({
  /** `open`: nobody has decided yet. `hidden`: what administrators hid. */
  state: z.enum(['open', 'hidden']).default('open'),
  cursor: z.string().max(100).optional(),
})
export type ReportsQuery = z.output<typeof reportsQuerySchema>

/** Something that was reported or hidden, with all reports that nobody has decided yet. */
export const reportedViewSchema = z.object({
  subject: feedSubjectSchema,
  author: z.object({ handle: z.string(), displayName: z.string(), isSuspended: z.boolean() }),
  text: z.string(),
  visibility: feedVisibilitySchema,
  at: z.iso.datetime(),
  isHidden: z.boolean(),
  isDeleted: z.boolean(),
  /** The first ones. */
  reports: z.array(
    z.object({ reason: reportReasonSchema, note: z.string(), by: z.string(), at: z.iso.datetime() }),
  ),
  reportCount: z.number().int(),
})
export type ReportedView = z.infer<typeof reportedViewSchema>

export const reportedPageSchema = z.object({
  items: z.array(reportedViewSchema),
  nextCursor: z.string().nullable(),
})
export type ReportedPage = z.infer<typeof reportedPageSchema>

/** `hide`, `show`: for everybody but its author. All three answer what was reported of it. */
export const verdictSchema = z.enum(['hide', 'show', 'dismiss'])
export type Verdict = z.infer<typeof verdictSchema>
export const verdictInputSchema = z.object({ subject: feedSubjectSchema, verdict: verdictSchema })
export type VerdictInput = z.infer<typeof verdictInputSchema>
