/** What somebody wrote last for everyone, to be read: whoever wants to answer signs in. */
import type { FeedItemView, ProfileView as Profile } from '@matrixos/shared'
import { errorText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AppLine } from '../feed/app-line.tsx'
import { AuthorLine } from '../feed/author-line.tsx'
import { Happening } from '../feed/happening.tsx'
import { RichText } from '../feed/rich-text.tsx'
import { countOf } from '../feed/words.ts'
import { Avatar } from './avatar.tsx'
import { usePublic } from './use-public.ts'

const SHOWN = 10

export function PublicPosts({ profile: { handle, displayName } }: { profile: Profile }) {
  const now = useNow(60_000)
  const { state, retry } = usePublic((people) => people.posts(handle, SHOWN), handle)
  return (
    <section aria-labelledby="posts" className="mt-10 max-w-2xl">
      <h2 id="posts" className="mb-4 font-semibold text-lg">
        Posts
      </h2>
      {state === null && <Skeleton className="h-40" />}
      {state && 'error' in state && (
        <Notice
          tone="error"
          title="The posts could not be loaded"
          action={
            <Button size="sm" variant="secondary" onClick={retry}>
              Try again
            </Button>
          }
        >
          {errorText(state.error)}
        </Notice>
      )}
      {state && 'data' in state && (
        <>
          {state.data.items.length === 0 && (
            <p className="text-muted">{displayName} has not posted anything for everyone yet.</p>
          )}
          <ul className="space-y-4">
            {state.data.items.map((item) => (
              <li key={item.id}>
                <Post item={item} now={now} />
              </li>
            ))}
          </ul>
          {state.data.nextCursor !== null && (
            <p className="mt-6 text-muted">
              <a href={`${site().appOrigin}/@${handle}`} className="text-accent underline underline-offset-4">
                Sign in
              </a>{' '}
              to read older posts.
            </p>
          )}
        </>
      )}
    </section>
  )
}

function Post({ item, now }: { item: FeedItemView; now: number }) {
  return (
    <article
      aria-label={`Post by ${item.author.displayName}`}
      className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6"
    >
      <header className="flex items-center gap-3">
        <Avatar person={item.author} className="size-10" />
        <AuthorLine author={item.author} at={item.at} now={now} />
      </header>
      <Happening item={item} className="mt-3" />
      {item.text && <RichText text={item.text} className="mt-3" />}
      {item.app && <AppLine app={item.app} />}
      <p className="mt-4 text-muted text-sm">
        <a href={`${site().appOrigin}/feed/${item.id}`} className="hover:text-ink hover:underline">
          {countOf(item.likes, 'like', 'likes')} · {countOf(item.comments, 'comment', 'comments')}
        </a>
      </p>
    </article>
  )
}
