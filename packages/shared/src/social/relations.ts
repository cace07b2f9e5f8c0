/** What people are to each other: who follows whom, and who wants to see nothing of whom. */
import { z } from 'zod'

/**
 * `block`: neither sees anything of the other, anywhere. `mute`: whoever mutes does not get the other's items in their
 * feed; the other notices nothing.
 */
export const BLOCK_KINDS = ['block', 'mute'] as const
export const blockKindSchema = z.enum(BLOCK_KINDS)
export type BlockKind = z.infer<typeof blockKindSchema>

/** What whoever asks has set towards somebody, and whether they are followed back. */
export const relationViewSchema = z.object({
  isSelf: z.boolean(),
  follows: z.boolean(),
  followsBack: z.boolean(),
  blocks: z.boolean(),
  mutes: z.boolean(),
})
export type RelationView = z.infer<typeof relationViewSchema>

/** Whom somebody blocked or muted themselves. */
export const blockedViewSchema = z.object({
  kind: blockKindSchema,
  handle: z.string(),
  displayName: z.string(),
  since: z.iso.datetime(),
})
export type BlockedView = z.infer<typeof blockedViewSchema>
