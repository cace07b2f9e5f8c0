/** One item of the feed: who, what, and what others make of it. */
import type { FeedItemView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Heart, Lock, MessageCircle, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { cn } from '../../ui/cn.ts'
import { Notice } from '../../ui/notice.tsx'
import { Avatar } from '../profile/avatar.tsx'
import { AppLine } from './app-line.tsx'
import { AuthorLine } from './author-line.tsx'
import { Happening } from './happening.tsx'
import { MoreMenu } from './more-menu.tsx'
import { RichText } from './rich-text.tsx'
import { useDeleteItem, useItems } from './use-items.ts'
import { countOf, VISIBILITY } from './words.ts'

export interface ItemCardProps {
  item: FeedItemView
  now: number
  /** On a page of its own. */
  alone?: boolean
  onGone?: () => void
  children?: ReactNode
}

export function ItemCard({ item, now, alone = false, onGone, children }: ItemCardProps) {
  const remove = useDeleteItem({ ...(onGone && { onGone }) })
  return (
    <article
      aria-label={`Post by ${item.author.displayName}`}
      className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6"
    >
      <header className="flex items-center gap-3">
        <Avatar person={item.author} className="size-10" />
        <AuthorLine author={item.author} at={item.at} now={now}>
          <Audience item={item} />
        </AuthorLine>
        <MoreMenu
          subject={item.id}
          label="More about this post"
          onDelete={item.isMine ? () => remove.mutate({ itemId: item.id }) : null}
          canReport={!item.isMine}
        />
      </header>
      {item.isHidden && (
        <Notice tone="warn" className="mt-4">
          An administrator hid this post. Nobody but you sees it.
        </Notice>
      )}
      <Happening item={item} className="mt-3" />
      {item.text && <RichText text={item.text} className={cn('mt-3', alone && 'text-lg')} />}
      {item.app && <AppLine app={item.app} />}
      <Actions item={item} alone={alone} />
      {children}
    </article>
  )
}

function Audience({ item: { visibility } }: { item: FeedItemView }) {
  if (visibility === 'public') return null
  const Icon = visibility === 'private' ? Lock : Users
  return (
    <span className="inline-flex items-center gap-1 text-muted text-xs" title={VISIBILITY[visibility].hint}>
      <Icon aria-hidden className="size-3.5" />
      {VISIBILITY[visibility].label}
    </span>
  )
}

const ACTION =
  'inline-flex h-11 items-center gap-2 rounded-control px-3 text-muted text-sm hover:bg-sunken hover:text-ink sm:h-9'

function Actions({ item, alone }: { item: FeedItemView; alone: boolean }) {
  const items = useItems()
  const like = trpc.feed.like.useMutation({
    // At once, as it will be: nobody waits for a heart.
    onMutate: ({ isLiked }) => {
      items.replace({ ...item, isLiked, likes: item.likes + (isLiked ? 1 : -1) })
      return item
    },
    onSuccess: items.replace,
    onError: (error, _, before) => {
      if (before) items.replace(before)
      toast.error(errorText(error))
    },
  })
  const comments = countOf(item.comments, 'comment', 'comments')
  return (
    <footer className="-mx-3 -mb-2 mt-4 flex gap-1">
      <button
        type="button"
        aria-pressed={item.isLiked}
        aria-label={`Like. ${countOf(item.likes, 'like', 'likes')}`}
        className={cn(ACTION, item.isLiked && 'text-accent hover:text-accent')}
        onClick={() => like.mutate({ itemId: item.id, isLiked: !item.isLiked })}
      >
        <Heart aria-hidden className={cn('size-4.5', item.isLiked && 'fill-current')} />
        {item.likes > 0 && item.likes}
      </button>
      {alone ? (
        <span className={cn(ACTION, 'hover:bg-transparent hover:text-muted')}>
          <MessageCircle aria-hidden className="size-4.5" /> {comments}
        </span>
      ) : (
        <Link to="/feed/$itemId" params={{ itemId: item.id }} aria-label={comments} className={ACTION}>
          <MessageCircle aria-hidden className="size-4.5" />
          {item.comments > 0 && item.comments}
        </Link>
      )}
    </footer>
  )
}
