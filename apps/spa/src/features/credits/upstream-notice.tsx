/** Says when no real provider answers, and how that is changed. */
import type { CreditsView } from '@matrixos/shared'
import { Notice } from '../../ui/notice.tsx'
import { Code } from './code.tsx'

export function UpstreamNotice({ credits }: { credits: CreditsView }) {
  const answers = Object.values(credits.upstreams)
  if (answers.includes('provider')) return null
  if (answers.includes('demonstration')) {
    return (
      <Notice className="mt-6" title="A demonstration model answers">
        It speaks like an AI provider but follows a script. Nobody is billed for its answers, yet they use
        credits as real ones would, so that you can try everything here. Whoever runs this platform connects a
        real provider by setting <Code>ANTHROPIC_API_KEY</Code> or <Code>OPENAI_API_KEY</Code>. With a key of
        your own below, you reach one now.
      </Notice>
    )
  }
  return (
    <Notice tone="warn" className="mt-6" title="No AI provider is connected">
      Whoever runs this platform connects one by setting <Code>ANTHROPIC_API_KEY</Code> or{' '}
      <Code>OPENAI_API_KEY</Code>. With a key of your own below, you reach one now.
    </Notice>
  )
}
