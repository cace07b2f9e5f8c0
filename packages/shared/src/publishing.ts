/** Publishing an app: who may open it at its own host besides its owner, and what a link preview shows of it. */
import { z } from 'zod'
import { appNameSchema } from './apps.ts'
import { isPlainLine, PLAIN_LINE } from './display-name.ts'
import { idSchema } from './ids.ts'
import { parseUsd } from './money.ts'

/** `public`: anyone with the link, without an account. `viewers`: people with whom the computer is shared, alone. */
export const publicationModeSchema = z.enum(['public', 'viewers'])
export type PublicationMode = z.infer<typeof publicationModeSchema>

/** Characters as people count them. */
export const TITLE_CHARS = 80
export const DESCRIPTION_CHARS = 200

const line = (most: number) =>
  z
    .string()
    // Bounds the work; the rule itself counts characters.
    .max(4 * most, `Use at most ${most} characters.`)
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => [...text].length <= most, `Use at most ${most} characters.`)
    .refine(isPlainLine, PLAIN_LINE)

const MOST_VISITOR_USD = '1000'
/** USD of the owner's credits that an app may spend on visitors in a month, in all; `'0'`: nothing. */
export const visitorCreditsSchema = z
  .string()
  .trim()
  .regex(/^\d{1,4}(\.\d{1,2})?$/, { error: 'Enter an amount in US dollars, such as 2 or 0.50.', abort: true })
  .refine((text) => parseUsd(text) <= parseUsd(MOST_VISITOR_USD), `Enter ${MOST_VISITOR_USD} at most.`)

/** An app of an instance. */
export const publishedAppSchema = z.object({ instanceId: idSchema('ins'), app: appNameSchema })
export type PublishedApp = z.infer<typeof publishedAppSchema>

/** How an app is published. */
export const publishSchema = publishedAppSchema.extend({
  mode: publicationModeSchema,
  title: line(TITLE_CHARS).refine((text) => text !== '', 'Enter a title.'),
  description: line(DESCRIPTION_CHARS).default(''),
  visitorCredits: visitorCreditsSchema.default('0'),
})
export type PublishInput = z.infer<typeof publishSchema>

export const publicationViewSchema = z.object({
  app: z.string(),
  mode: publicationModeSchema,
  title: z.string(),
  description: z.string(),
  visitorCredits: z.string(),
  /** Where it opens. */
  url: z.url(),
  /** Changes with the picture of link previews; `null`: it has none. */
  pictureVersion: z.string().nullable(),
  /** `null`: it is not published now. How it was is kept for the next time. */
  publishedAt: z.iso.datetime().nullable(),
})
export type PublicationView = z.infer<typeof publicationViewSchema>

export const publishingViewSchema = z.object({
  /** Whether the platform lets people publish, and visitors in. */
  isAllowed: z.boolean(),
  /** What was ever published, in the order of its names. */
  publications: z.array(publicationViewSchema),
})
export type PublishingView = z.infer<typeof publishingViewSchema>

/** Of the picture that link previews show: on `app.DOMAIN`, for the owner. */
export const PUBLICATION_PICTURE_PATH = '/publication-picture'
export const PICTURE_BYTES = 300_000
/** The size that link previews are drawn in, in pixels. */
export const PICTURE_SIZE = { width: 1200, height: 630 } as const
/** On an app's host, for anyone, without waking anything. */
export const PREVIEW_PICTURE = 'preview.png'
