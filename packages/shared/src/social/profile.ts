/** Profiles: what people say of themselves and of their AI, and what others are shown of them. */
import { z } from 'zod'
import { isPlainLine, PLAIN_LINE } from '../display-name.ts'

/** Characters as people count them. */
export const BIO_CHARS = 300
export const AI_NAME_CHARS = 40

const atMost = (most: number) =>
  z
    .string()
    // Bounds the work; the rule itself counts characters.
    .max(4 * most, `Use at most ${most} characters.`)
    .transform((text) => text.normalize('NFC').replaceAll('\r\n', '\n').trim())
    .refine((text) => [...text].length <= most, `Use at most ${most} characters.`)

/** A text of several lines, of which none changes how others read. */
const paragraph = (most: number) =>
  atMost(most).refine((text) => text.split('\n').every(isPlainLine), PLAIN_LINE)

/** What people write themselves. The display name belongs to the account. */
export const ownProfileSchema = z.object({
  bio: paragraph(BIO_CHARS),
  aiName: atMost(AI_NAME_CHARS).refine(isPlainLine, PLAIN_LINE),
  aiBio: paragraph(BIO_CHARS),
})
export type OwnProfile = z.infer<typeof ownProfileSchema>

export const ownProfileViewSchema = ownProfileSchema.extend({ avatarUrl: z.url().nullable() })
export type OwnProfileView = z.infer<typeof ownProfileViewSchema>

/** Somebody in a list, or beside what they wrote. */
export const publicPersonSchema = z.object({
  handle: z.string(),
  displayName: z.string(),
  bio: z.string(),
  /** `null`: they have none, and are drawn by their handle. */
  avatarUrl: z.url().nullable(),
})
export type PublicPerson = z.infer<typeof publicPersonSchema>

/** An app that anyone may open. */
export const sharedAppViewSchema = z.object({
  app: z.string(),
  title: z.string(),
  description: z.string(),
  url: z.url(),
  pictureUrl: z.url().nullable(),
  publishedAt: z.iso.datetime(),
  owner: z.object({ handle: z.string(), displayName: z.string() }),
})
export type SharedAppView = z.infer<typeof sharedAppViewSchema>

export const profileViewSchema = publicPersonSchema.extend({
  aiName: z.string(),
  aiBio: z.string(),
  joinedAt: z.iso.datetime(),
  /** As whoever asks may count them. */
  followers: z.number().int(),
  following: z.number().int(),
  apps: z.array(sharedAppViewSchema),
  /** For people; programs have the API. */
  url: z.url(),
})
export type ProfileView = z.infer<typeof profileViewSchema>

/** `nextCursor`: what a further page is asked for with; `null`: this is the last. */
const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
export const publicPeoplePageSchema = pageOf(publicPersonSchema)
export type PublicPeoplePage = z.infer<typeof publicPeoplePageSchema>
export const appsPageSchema = pageOf(sharedAppViewSchema)
export type AppsPage = z.infer<typeof appsPageSchema>

/** `cursor`: `nextCursor` of the page before. */
export const socialPageInputSchema = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(50).default(20),
})
export type SocialPageInput = z.infer<typeof socialPageInputSchema>

/** What is searched for: the beginning of a handle, or of words of a name. */
export const searchTextSchema = z.string().trim().min(1).max(100)

/** Of the picture that stands for a person: what is sent, and in pixels what is kept of it. */
export const AVATAR_BYTES = 2_000_000
export const AVATAR_SIZE = 256
/** On `app.DOMAIN`, for its owner. */
export const OWN_AVATAR_PATH = '/avatar'
/** On `api.DOMAIN`, for anyone, followed by `/HANDLE` and `/HANDLE/APP`. */
export const AVATARS_PATH = '/avatars'
export const APP_PICTURES_PATH = '/app-pictures'
