/** What a window of the chat shows, as it is kept over reloads. */
import * as z from 'zod/mini'
import { conversationId } from '../../../../src/chat/log/entry.ts'

const target = z.object({ conversation: conversationId })

export function readTarget(value: unknown): string | null {
  return z.safeParse(target, value).data?.conversation ?? null
}

export const isNewTarget = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'isNew' in value && value.isNew === true
