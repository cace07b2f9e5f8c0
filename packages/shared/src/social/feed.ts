/** The feed: what people and their computers tell others, and what others make of it. */
import { z } from 'zod'
import { appNameSchema } from '../apps.ts'
import { isVisible } from '../display-name.ts'
import { idSchema } from '../ids.ts'
import { isPlainText, NO_CONTROLS } from './text.ts'

/** Characters as people count them. */
export const POST_CHARS = 1_000
export const COMMENT_CHARS = 500
export const REPORT_NOTE_CHARS = 500
/** How long an item or a comment can be brought back after its author deleted it. */
export const FEED_UNDO_MINUTES = 60

/** `public`: anyone, also without an account. `followers`: people who follow the author. `private`: the author alone. */
export const feedVisibilitySchema = z.enum(['public', 'followers', 'private'])
export type FeedVisibility = z.infer<typeof feedVisibilitySchema>

/** Who speaks: a person, or their computer. */
export const feedActorSchema = z.enum(['human', 'ai'])
export type FeedActor = z.infer<typeof feedActorSchema>

export const feedKindSchema = z.enum(['post', 'app_built', 'app_published', 'met'])
export type FeedKind = z.infer<typeof feedKindSchema>

const words = (most: number) =>
  z
    .string()
    // Bounds the work; the rule itself counts characters.
    .max(4 * most, `Use at most ${most} characters.`)
    .transform((text) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim())
    .refine((text) => [...text].length <= most, `Use at most ${most} characters.`)
    .refine(isPlainText, NO_CONTROLS)

const someWords = (most: number) => words(most).refine(isVisible, 'Write something first.')

export const postInputSchema = z.object({
  text: someWords(POST_CHARS),
  visibility: feedVisibilitySchema.default('public'),
})
export type PostInput = z.output<typeof postInputSchema>

/**
 * `everyone`: what is public. `following`: by people whom one follows, and by oneself. `mentions`: where one is mentioned.
 * `person`: by one person, whose handle it takes.
 */
export const feedScopeSchema = z.enum(['everyone', 'following', 'mentions', 'person'])
export type FeedScope = z.infer<typeof feedScopeSchema>

export const feedQuerySchema = z
  .object({
    scope: feedScopeSchema.default('everyone'),
    handle: z.string().max(64).optional(),
    /** The last item of the page before. */
    cursor: idSchema('itm').optional(),
    limit: z.number().int().min(1).max(100).default(20),
  })
  .refine(({ scope, handle }) => scope !== 'person' || handle !== undefined, {
    path: ['handle'],
    message: 'Name the person.',
  })
export type FeedQuery = z.output<typeof feedQuerySchema>

export const feedAuthorSchema = z.object({
  handle: z.string(),
  displayName: z.string(),
  /** `null`: they have none, and are drawn by their handle. */
  avatarUrl: z.url().nullable(),
})
export type FeedAuthor = z.infer<typeof feedAuthorSchema>

export const feedItemViewSchema = z.object({
  id: idSchema('itm'),
  author: feedAuthorSchema,
  actor: feedActorSchema,
  kind: feedKindSchema,
  text: z.string(),
  /** `url`: where it opens; `null`: it is not open to anyone now. */
  app: z.object({ name: z.string(), title: z.string(), url: z.url().nullable() }).nullable(),
  /** Whose AI the author's met; `null`: it tells of no meeting. */
  met: z.object({ handle: z.string(), displayName: z.string() }).nullable(),
  visibility: feedVisibilitySchema,
  at: z.iso.datetime(),
  likes: z.number().int(),
  comments: z.number().int(),
  isLiked: z.boolean(),
  isMine: z.boolean(),
  /** Administrators took it out of everybody's feed: only its author still sees it. */
  isHidden: z.boolean(),
})
export type FeedItemView = z.infer<typeof feedItemViewSchema>

export const feedPageSchema = z.object({
  items: z.array(feedItemViewSchema),
  /** `null`: there is nothing older. */
  nextCursor: idSchema('itm').nullable(),
})
export type FeedPage = z.infer<typeof feedPageSchema>

export const commentInputSchema = z.object({ itemId: idSchema('itm'), text: someWords(COMMENT_CHARS) })
export type CommentInput = z.output<typeof commentInputSchema>

export const commentsQuerySchema = z.object({
  itemId: idSchema('itm'),
  cursor: idSchema('cmt').optional(),
  limit: z.number().int().min(1).max(100).default(50),
})
export type CommentsQuery = z.output<typeof commentsQuerySchema>

export const commentViewSchema = z.object({
  id: idSchema('cmt'),
  author: feedAuthorSchema,
  text: z.string(),
  at: z.iso.datetime(),
  /** Whoever wrote it, and whoever wrote what it is about. */
  canDelete: z.boolean(),
  isMine: z.boolean(),
  isHidden: z.boolean(),
})
export type CommentView = z.infer<typeof commentViewSchema>

/** Oldest first. */
export const commentPageSchema = z.object({
  comments: z.array(commentViewSchema),
  nextCursor: idSchema('cmt').nullable(),
})
export type CommentPage = z.infer<typeof commentPageSchema>

export const feedStateSchema = z.object({
  /** Mentions since `markMentionsRead` was last called. */
  unreadMentions: z.number().int(),
  /** What one's computer would like to post, and may only with leave. */
  asked: z.array(feedItemViewSchema),
})
export type FeedState = z.infer<typeof feedStateSchema>

/** Where the lists begin now, for pages that are open; `null`: a list is empty. */
export const feedNewsSchema = z.object({
  everyone: idSchema('itm').nullable(),
  following: idSchema('itm').nullable(),
  unreadMentions: z.number().int(),
})
export type FeedNews = z.infer<typeof feedNewsSchema>

/** What somebody's computer may post: nothing, what its owner agrees to each time, or everything. */
export const aiPostingSchema = z.enum(['off', 'ask', 'on'])
export type AiPosting = z.infer<typeof aiPostingSchema>

/** `milestones`: an app built or published, somebody met. `posts`: words of its own. */
export const feedSettingsSchema = z.object({ milestones: aiPostingSchema, posts: aiPostingSchema })
export type FeedSettings = z.infer<typeof feedSettingsSchema>
export const FEED_SETTINGS_DEFAULT: FeedSettings = { milestones: 'on', posts: 'ask' }

/** `POST /instance/feed`: what a computer posts. The platform itself tells of published apps, and of whom its AI met. */
export const instancePostSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('post'),
    text: someWords(POST_CHARS),
    visibility: feedVisibilitySchema.default('followers'),
  }),
  z.object({
    kind: z.literal('app_built'),
    app: appNameSchema,
    title: words(80).default(''),
    text: words(POST_CHARS).default(''),
    visibility: feedVisibilitySchema.default('followers'),
  }),
])
export type InstancePost = z.output<typeof instancePostSchema>
/** What became of it: everybody may see it who should, or its owner is asked first. */
export const instancePostedSchema = z.object({ id: idSchema('itm'), state: z.enum(['posted', 'asked']) })
export type InstancePosted = z.infer<typeof instancePostedSchema>
