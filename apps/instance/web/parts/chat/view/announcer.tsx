/** Says for those who listen what others see: that an answer has begun, what it is, and that it waits for leave. */
import { textOf } from '../../../../src/chat/log/tree.ts'
import type { ChatView } from '../model/view.ts'
import { ENDINGS, spoken } from './words.ts'

export const Announcer = ({ view }: { view: ChatView }) => (
  <p className="spoken" role="status">
    {said(view)}
  </p>
)

function said({ running, conversation }: ChatView): string {
  if (running?.question) return `May I? ${running.question.words}`
  if (running) return 'I’m answering.'
  const last = [...conversation.turns.values()].at(-1)
  if (!last?.ended) return ''
  const { how, failure } = last.ended
  if (how === 'done') return spoken(textOf(last))
  return failure?.words ?? (how === 'failed' ? 'That did not work.' : ENDINGS[how])
}
