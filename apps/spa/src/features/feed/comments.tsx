/** The comments on an item, and a field for one's own. */
import { COMMENT_CHARS, type CommentView, type FeedItemView } from '@matrixos/shared'
import { useState } from 'react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { Problem } from '../connection/problem.tsx'
import { Avatar } from '../profile/avatar.tsx'
import { AuthorLine } from './author-line.tsx'
import { MoreMenu } from './more-menu.tsx'
import { RichText } from './rich-text.tsx'
import { useItems } from './use-items.ts'

export function Comments({ item, now }: { item: FeedItemView; now: number }) {
  const pages = trpc.feed.comments.list.useInfiniteQuery(
    { itemId: item.id },
    { getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined },
  )
  const comments = pages.data?.pages.flatMap((page) => page.comments)
  return (
    <section aria-labelledby="comments" className="mt-6 border-line border-t pt-6">
      <h2 id="comments" className="font-semibold">
        Comments
      </h2>
      {!comments && !pages.error && <Skeleton className="mt-4 h-20" />}
      {!comments && pages.error && <QueryError title="The comments could not be loaded" query={pages} />}
      {comments?.length === 0 && <p className="mt-2 text-muted text-sm">Nobody has said anything yet.</p>}
      <ul className="mt-5 space-y-6">
        {comments?.map((comment) => (
          <Comment key={comment.id} comment={comment} now={now} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button
          size="sm"
          variant="secondary"
          className="mt-5"
          pending={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <Answer itemId={item.id} />
    </section>
  )
}

function Comment({ comment, now }: { comment: CommentView; now: number }) {
  const { refresh } = useItems()
  const failed = (error: unknown) => void toast.error(errorText(error))
  const restore = trpc.feed.comments.restore.useMutation({ onError: failed, onSettled: refresh })
  const remove = trpc.feed.comments.remove.useMutation({
    onSuccess: (_, { commentId }) => {
      toast.success('Comment deleted.', {
        action: { label: 'Undo', onClick: () => restore.mutate({ commentId }) },
        duration: 10_000,
      })
    },
    onError: failed,
    onSettled: refresh,
  })
  return (
    <li className="flex gap-3">
      <Avatar person={comment.author} className="mt-0.5 size-8" />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <AuthorLine author={comment.author} at={comment.at} now={now} />
          <MoreMenu
            subject={comment.id}
            label={`More about the comment by ${comment.author.displayName}`}
            onDelete={comment.canDelete ? () => remove.mutate({ commentId: comment.id }) : null}
            canReport={!comment.isMine}
          />
        </div>
        {comment.isHidden && (
          <p className="text-sm text-warn">An administrator hid this comment. Nobody but you sees it.</p>
        )}
        <RichText text={comment.text} className="mt-1" />
      </div>
    </li>
  )
}

function Answer({ itemId }: { itemId: FeedItemView['id'] }) {
  const [text, setText] = useState('')
  const { refresh } = useItems()
  const add = trpc.feed.comments.add.useMutation({
    onSuccess: () => {
      setText('')
      return refresh()
    },
  })
  const tooMany = [...text.trim()].length - COMMENT_CHARS
  const canSend = text.trim() !== '' && tooMany <= 0
  return (
    <form
      className="mt-6"
      onSubmit={(event) => {
        event.preventDefault()
        if (canSend && !add.isPending) add.mutate({ itemId, text })
      }}
    >
      <TextArea
        label="Add a comment"
        rows={2}
        value={text}
        onChange={({ target }) => setText(target.value)}
        {...(tooMany > 0 && { hint: `${tooMany} characters too many` })}
      />
      <Problem error={add.error} className="mt-3" />
      <Button type="submit" size="sm" className="mt-3" unavailable={!canSend} pending={add.isPending}>
        Comment
      </Button>
    </form>
  )
}
