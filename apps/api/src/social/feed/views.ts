/** Rows of the feed as their readers get them. */
import type { CommentView, FeedItemView, UserId } from '@matrixos/shared'
import type { CommentRow } from './comment-store.ts'
import type { ItemRow } from './pages.ts'

export interface ItemViewOptions {
  appUrl: (handle: string, app: string) => string
  /** Whether the platform lets people publish, and visitors in. */
  isPublishingAllowed: () => boolean
}

export const createItemView =
  ({ appUrl, isPublishingAllowed }: ItemViewOptions) =>
  (viewer: UserId | null, { item, openTitle, ...row }: ItemRow): FeedItemView => {
    const isOpen = openTitle !== null && isPublishingAllowed()
    const app = item.app === null ? null : { name: item.app, title: openTitle ?? item.appTitle ?? item.app }
    return {
      ...{ id: item.id, author: row.author, actor: item.actor, kind: item.kind, text: item.text },
      app: app && { ...app, url: isOpen ? appUrl(row.author.handle, app.name) : null },
      ...{ visibility: item.visibility, at: item.createdAt.toISOString() },
      ...{ likes: row.likes, comments: row.comments, isLiked: row.isLiked },
      ...{ isMine: item.authorId === viewer, isHidden: item.hiddenAt !== null },
    }
  }

export function commentView(
  viewer: UserId | null,
  { comment, author, itemAuthorId }: CommentRow,
): CommentView {
  const isMine = comment.authorId === viewer
  return {
    ...{ id: comment.id, author, text: comment.text, at: comment.createdAt.toISOString(), isMine },
    ...{ canDelete: isMine || itemAuthorId === viewer, isHidden: comment.hiddenAt !== null },
  }
}
