/** `/feed/ID`: one item, with what others say of it. */
import type { UserView } from '@matrixos/shared'
import { idSchema } from '@matrixos/shared'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { errorCodeOf } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { NotFound } from '../connection/not-found.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { Comments } from './comments.tsx'
import { ItemCard } from './item-card.tsx'

export function ItemPage() {
  const id = idSchema('itm').safeParse(useParams({ from: '/feed/$itemId' }).itemId)
  if (!id.success) return <NotFound home={site().appOrigin} />
  return <SignedIn>{(user) => <Item user={user} itemId={id.data} />}</SignedIn>
}

function Item({ user, itemId }: { user: UserView; itemId: `itm_${string}` }) {
  const now = useNow(15_000)
  const navigate = useNavigate()
  const item = trpc.feed.get.useQuery({ itemId })
  return (
    <AppShell user={user}>
      <div className="mx-auto max-w-2xl animate-rise">
        <Link
          to="/feed"
          className="mb-5 inline-flex h-11 items-center gap-2 text-muted text-sm hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" /> Feed
        </Link>
        <PageTitle className="sr-only">Post</PageTitle>
        {item.data ? (
          <ItemCard item={item.data} now={now} alone onGone={() => void navigate({ to: '/feed' })}>
            <Comments item={item.data} now={now} />
          </ItemCard>
        ) : errorCodeOf(item.error) === 'not_found' ? (
          <Gone />
        ) : item.error ? (
          <QueryError title="The post could not be loaded" query={item} />
        ) : (
          <Skeleton className="h-48" />
        )}
      </div>
    </AppShell>
  )
}

const Gone = () => (
  <div className="rounded-card border border-line border-dashed px-6 py-12 text-center">
    <h2 className="font-semibold">This post is not here</h2>
    <p className="mt-2 text-muted">It was deleted, or is not for everyone to read.</p>
  </div>
)
