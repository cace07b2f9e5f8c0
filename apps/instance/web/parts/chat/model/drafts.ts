/** What is typed and not sent, for each conversation, over reloads and crashes. */
import * as z from 'zod/mini'
import { image } from '../../../../src/chat/log/entry.ts'
import { recall, remember } from '../../../shell/remember.ts'

const KEY = 'mos-chat-drafts'
const KEPT = 30

const draft = z.object({ text: z.string(), images: z.array(image) })
export type Draft = z.infer<typeof draft>
const NO_DRAFT: Draft = { text: '', images: [] }

const all = (): Record<string, Draft> => z.safeParse(z.record(z.string(), draft), recall(KEY)).data ?? {}

export const draftOf = (conversation: string): Draft => all()[conversation] ?? NO_DRAFT

export function keepDraft(conversation: string, { text, images }: Draft): void {
  const { [conversation]: _, ...others } = all()
  const rest = Object.entries(others).slice(-KEPT)
  const isEmpty = text === '' && images.length === 0
  remember(KEY, Object.fromEntries(isEmpty ? rest : [...rest, [conversation, { text, images }]]))
}
