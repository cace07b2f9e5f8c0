/** What one's computer would like to post, and waits for leave to. */
import type { FeedItemView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Happening } from './happening.tsx'
import { RichText } from './rich-text.tsx'
import { useItems } from './use-items.ts'
import { VISIBILITY } from './words.ts'

export const Asked = ({ items }: { items: FeedItemView[] }) =>
  items.length === 0 ? null : (
    <section aria-labelledby="asked" className="rounded-card border border-line bg-accent-soft p-5 sm:p-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id="asked" className="font-semibold">
          Your computer would like to post
        </h2>
        <Link to="/settings/posting" className="text-accent text-sm underline underline-offset-4">
          Change what it may post
        </Link>
      </div>
      <ul className="mt-4 space-y-3">
        {items.map((item) => (
          <AskedItem key={item.id} item={item} />
        ))}
      </ul>
    </section>
  )

function AskedItem({ item }: { item: FeedItemView }) {
  const { refresh } = useItems()
  const settled = { onSettled: refresh, onError: (error: unknown) => void toast.error(errorText(error)) }
  const approve = trpc.feed.approve.useMutation(settled)
  const discard = trpc.feed.remove.useMutation(settled)
  const isPending = approve.isPending || discard.isPending
  const itemId = item.id
  return (
    <li className="rounded-control border border-line bg-surface p-4">
      <Happening item={item} />
      {item.text && <RichText text={item.text} />}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          pending={approve.isPending}
          unavailable={isPending}
          onClick={() => approve.mutate({ itemId })}
        >
          Post
        </Button>
        <Button
          size="sm"
          variant="ghost"
          pending={discard.isPending}
          unavailable={isPending}
          onClick={() => discard.mutate({ itemId })}
        >
          Discard
        </Button>
        <span className="ml-auto text-muted text-sm">For: {VISIBILITY[item.visibility].label}</span>
      </div>
    </li>
  )
}
