/** One webhook: where it leads, what it is told of, what was sent, and the way to try or to remove it. */
import type { WebhookView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { errorCodeOf, errorText } from '../../../lib/errors.ts'
import { timeAgo } from '../../../lib/time.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Dialog, DialogActions, type DialogProps } from '../../../ui/dialog.tsx'
import { Problem } from '../../connection/problem.tsx'
import { Deliveries } from './deliveries.tsx'

const TOLD_OF = { computer: 'your computer', feed: 'your feed' } as const

export function WebhookCard({ webhook }: { webhook: WebhookView }) {
  const { id, url, groups, last } = webhook
  const now = useNow(60_000)
  const utils = trpc.useUtils()
  const [removing, setRemoving] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const test = trpc.webhooks.test.useMutation({
    onSuccess: () => utils.webhooks.deliveries.invalidate({ webhookId: id }),
    onError: (error) => toast.error(errorText(error)),
  })
  const state = last
    ? `${last.state === 'delivered' ? 'Last delivery arrived' : 'Last delivery failed'} ${timeAgo(last.at, now)}`
    : 'Nothing sent yet'
  return (
    <Card>
      <h2 className="break-all font-medium">{url}</h2>
      <p className="mt-1 text-muted text-sm leading-6">
        Told of {groups.map((group) => TOLD_OF[group]).join(' and ')} ·{' '}
        <span className={last?.state === 'failed' ? 'text-danger' : ''}>{state}</span>
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button
          size="sm"
          variant="secondary"
          pending={test.isPending}
          aria-label={`Send a test to ${url}`}
          onClick={() => test.mutate({ id })}
        >
          Send a test
        </Button>
        <Button
          ref={opener}
          size="sm"
          variant="danger-quiet"
          aria-label={`Remove ${url}`}
          onClick={() => setRemoving(true)}
        >
          Remove
        </Button>
      </div>
      <Deliveries webhookId={id} />
      <RemoveWebhook webhook={webhook} open={removing} onOpenChange={setRemoving} opener={opener} />
    </Card>
  )
}

interface RemoveWebhookProps extends Pick<DialogProps, 'open' | 'onOpenChange' | 'opener'> {
  webhook: WebhookView
}

function RemoveWebhook({ webhook, ...dialog }: RemoveWebhookProps) {
  const utils = trpc.useUtils()
  const forget = () => {
    dialog.onOpenChange(false)
    utils.webhooks.list.setData(undefined, (all) => all?.filter(({ id }) => id !== webhook.id))
    toast.success('Webhook removed.')
  }
  const remove = trpc.webhooks.remove.useMutation({
    onSuccess: forget,
    // Another tab was faster.
    onError: (error) => errorCodeOf(error) === 'not_found' && forget(),
  })
  return (
    <Dialog
      {...dialog}
      title="Remove this webhook?"
      description="Nothing more is sent there, and what was sent is no longer listed. This cannot be undone."
    >
      <Problem error={remove.error} className="mt-4" />
      <DialogActions>
        <Button variant="secondary" onClick={() => dialog.onOpenChange(false)}>
          Keep it
        </Button>
        <Button variant="danger" pending={remove.isPending} onClick={() => remove.mutate({ id: webhook.id })}>
          Remove
        </Button>
      </DialogActions>
    </Dialog>
  )
}
