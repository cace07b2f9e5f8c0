/** What an item tells of, besides what is written in it; with whom it names. */
import type { FeedItemView } from '@matrixos/shared'
import { cn } from '../../ui/cn.ts'
import { happening } from './words.ts'

export interface HappeningProps {
  item: FeedItemView
  className?: string
}

export function Happening({ item, className }: HappeningProps) {
  const what = happening(item)
  if (what === null) return null
  return (
    <p className={cn('font-medium', className)}>
      {what}
      {item.met && (
        <>
          {' '}
          <a
            href={`/@${item.met.handle}`}
            title={item.met.displayName}
            className="text-accent underline underline-offset-4"
          >
            @{item.met.handle}’s AI
          </a>
        </>
      )}
    </p>
  )
}
