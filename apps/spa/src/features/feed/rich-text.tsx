/** What people write, with its mentions and addresses as links. Nothing of it is ever taken for markup. */
import { textParts } from '@matrixos/shared'
import { cn } from '../../ui/cn.ts'

const LINK = 'text-accent underline decoration-accent/40 underline-offset-4 hover:decoration-accent'

export const RichText = ({ text, className }: { text: string; className?: string }) => (
  <p
    dir="auto"
    className={cn(
      // Marks that are heaped on one letter must not reach what others wrote.
      'overflow-clip whitespace-pre-wrap break-words leading-7 [overflow-clip-margin:0.25rem] [overflow-wrap:anywhere]',
      className,
    )}
  >
    {textParts(text).map((part, at) => {
      // The parts of a text never change places.
      const key = `${at} ${part.kind}`
      if (part.kind === 'mention')
        return (
          <a key={key} href={`/@${part.handle}`} className={LINK}>
            {part.text}
          </a>
        )
      if (part.kind === 'link')
        return (
          <a
            key={key}
            href={part.url}
            target="_blank"
            rel="noopener noreferrer nofollow ugc"
            className={LINK}
          >
            {part.text}
          </a>
        )
      return <span key={key}>{part.text}</span>
    })}
  </p>
)
