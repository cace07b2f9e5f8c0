/** Who wrote something, and when. */
import type { FeedAuthor } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { Moment } from '../admin/moment.tsx'

export interface AuthorLineProps {
  author: FeedAuthor
  at: string
  now: number
  children?: ReactNode
}

export const AuthorLine = ({ author, at, now, children }: AuthorLineProps) => (
  <p className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 text-sm">
    <a href={`/@${author.handle}`} className="max-w-full truncate font-medium text-base hover:underline">
      {author.displayName}
    </a>
    <span className="truncate text-muted">@{author.handle}</span>
    <span className="text-muted">
      <Moment iso={at} now={now} />
    </span>
    {children}
  </p>
)
