/** Why a call failed. Nothing while there is nothing to say, as when a person called a confirmation off. */
import { problemText } from '../../lib/errors.ts'
import { Notice } from '../../ui/notice.tsx'

export function Problem({ error, className }: { error: unknown; className?: string }) {
  const text = problemText(error)
  if (text === null) return null
  return (
    <Notice tone="error" {...(className === undefined ? {} : { className })}>
      {text}
    </Notice>
  )
}
