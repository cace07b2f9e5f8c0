/** What is typed and not sent, for each conversation, over reloads and crashes. */
import * as z from 'zod/mini'
import { recall, remember } from '../../../shell/remember.ts'

const KEY = 'mos-conversations-drafts'
const KEPT = 30

const all = (): Record<string, string> =>
  z.safeParse(z.record(z.string(), z.string()), recall(KEY)).data ?? {}

export const draftOf = (conversation: string): string => all()[conversation] ?? ''

export function keepDraft(conversation: string, words: string): void {
  const { [conversation]: _, ...others } = all()
  const rest = Object.entries(others).slice(-KEPT)
  remember(KEY, Object.fromEntries(words === '' ? rest : [...rest, [conversation, words]]))
}
