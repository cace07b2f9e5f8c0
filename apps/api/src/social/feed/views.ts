/** Rows of the feed as their readers get them. */
import type { CommentView, FeedAuthor, FeedItemView, UserId } from '@matrixos/shared'
import { avatarUrl } from '../listed.ts'
import type { CommentRow } from './comment-store.ts'
import type { ItemRow } from './pages.ts'

type AuthorRow = ItemRow['author']
export type AuthorView = (row: AuthorRow) => FeedAuthor

export const createAuthorView =
  (apiOrigin: string): AuthorView =>
  ({ handle, displayName, avatarVersion }) => ({
    ...{ handle, displayName },
    avatarUrl: avatarUrl(apiOrigin, { handle, avatarVersion }),
  })

export interface ItemViewOptions {
  authorOf: AuthorView
  appUrl: (handle: string, app: string) => string
  /** Whether the platform lets people publish, and visitors in. */
  isPublishingAllowed: () => boolean
}

export const createItemView =
  ({ authorOf, appUrl, isPublishingAllowed }: ItemViewOptions) =>
  (viewer: UserId | null, { item, openTitle, ...row }: ItemRow): FeedItemView => {
    const isOpen = openTitle !== null && isPublishingAllowed()
    const app = item.app === null ? null : { name: item.app, title: openTitle ?? item.appTitle ?? item.app }
    return {
      ...{ id: item.id, author: authorOf(row.author), actor: item.actor, kind: item.kind, text: item.text },
      met: row.met?.handle ? row.met : null,
      app: app && { ...app, url: isOpen ? appUrl(row.author.handle, app.name) : null },
      ...{ visibility: item.visibility, at: item.createdAt.toISOString() },
      ...{ likes: row.likes, comments: row.comments, isLiked: row.isLiked },
      ...{ isMine: item.authorId === viewer, isHidden: item.hiddenAt !== null },
    }
  }

export type ViewComment = ReturnType<typeof createCommentView>

export const createCommentView =
  (authorOf: AuthorView) =>
  (viewer: UserId | null, { comment, author, itemAuthorId }: CommentRow): CommentView => {
    const isMine = comment.authorId === viewer
    return {
      ...{ id: comment.id, author: authorOf(author), text: comment.text },
      ...{ at: comment.createdAt.toISOString(), isMine, isHidden: comment.hiddenAt !== null },
      canDelete: isMine || itemAuthorId === viewer,
    }
  }
