/** What was sent to a webhook lately, what came of it, and the way to send it once more. */
import type { DeliveryView, WebhookView } from '@matrixos/shared'
import { toast } from 'sonner'
import { errorText } from '../../../lib/errors.ts'
import { timeAgo } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'

/** While something waits, its row is looked at again. */
const LOOK_MS = 2_000

export function Deliveries({ webhookId }: { webhookId: WebhookView['id'] }) {
  const page = trpc.webhooks.deliveries.useInfiniteQuery(
    { webhookId },
    {
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      refetchInterval: ({ state }) =>
        state.data?.pages[0]?.deliveries.some((each) => each.state === 'waiting') ? LOOK_MS : false,
    },
  )
  const deliveries = page.data?.pages.flatMap((each) => each.deliveries) ?? []
  if (page.error) return <p className="mt-4 text-danger text-sm">{errorText(page.error)}</p>
  if (deliveries.length === 0) return null
  return (
    <>
      <ul aria-label="Deliveries" className="mt-5 divide-y divide-line border-line border-t">
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} webhookId={webhookId} />
        ))}
      </ul>
      {page.hasNextPage && (
        <Button
          size="sm"
          variant="secondary"
          className="mt-4"
          pending={page.isFetchingNextPage}
          onClick={() => void page.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </>
  )
}

const STATES = { waiting: 'Waiting', delivered: 'Arrived', failed: 'Failed' } as const

function outcomeOf({ state, attempts, problem, nextAttemptAt }: DeliveryView, now: number): string {
  if (state === 'delivered') return attempts > 1 ? `after ${attempts} attempts` : ''
  if (state === 'failed') return problem ?? ''
  if (attempts === 0 || !nextAttemptAt) return 'to be sent'
  const waitS = Math.max(0, Math.round((Date.parse(nextAttemptAt) - now) / 1000))
  const next = waitS < 90 ? `${waitS} s` : `${Math.round(waitS / 60)} min`
  return `${problem ?? ''} Retrying in ${next}.`.trim()
}

function DeliveryRow({ delivery, webhookId }: { delivery: DeliveryView; webhookId: WebhookView['id'] }) {
  const now = useNow(1_000)
  const utils = trpc.useUtils()
  const repeat = trpc.webhooks.repeat.useMutation({
    onSuccess: () => utils.webhooks.deliveries.invalidate({ webhookId }),
    onError: (error) => toast.error(errorText(error)),
  })
  const { id, type, createdAt, state, body } = delivery
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3 text-sm leading-6">
      <details className="min-w-0 flex-1 basis-64">
        <summary className="cursor-pointer">
          <code>{type}</code> ·{' '}
          <span className={state === 'failed' ? 'text-danger' : ''}>{STATES[state]}</span>{' '}
          <span className="text-muted">
            {outcomeOf(delivery, now)} · {timeAgo(createdAt, now)}
          </span>
        </summary>
        <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all rounded-control bg-sunken p-3 text-xs">
          {body}
        </pre>
      </details>
      {state !== 'waiting' && (
        <Button
          size="sm"
          variant="secondary"
          pending={repeat.isPending}
          aria-label={`Send ${type} again`}
          onClick={() => repeat.mutate({ deliveryId: id })}
        >
          Send again
        </Button>
      )}
    </li>
  )
}
