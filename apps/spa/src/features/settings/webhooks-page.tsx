/** `/settings/webhooks`: addresses that are told what happens, and what was sent there. */
import type { WebhookView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CreateWebhook } from './webhooks/create-webhook.tsx'
import { WebhookCard } from './webhooks/webhook-card.tsx'

export function WebhooksPage() {
  const webhooks = trpc.webhooks.list.useQuery()
  const [creating, setCreating] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <div className="animate-rise">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <PageTitle className="font-semibold text-2xl">Webhooks</PageTitle>
          <p className="mt-2 max-w-prose text-muted leading-7">
            A webhook tells a program of yours what happens, the moment it happens: each event is sent to its
            address, signed, and sent again for 15 hours if nobody answers.
          </p>
        </div>
        <Button ref={opener} onClick={() => setCreating(true)}>
          Add webhook
        </Button>
      </div>
      <CreateWebhook open={creating} onOpenChange={setCreating} opener={opener} />
      {webhooks.data ? (
        <WebhookList webhooks={webhooks.data} />
      ) : webhooks.error ? (
        <Notice
          tone="error"
          className="mt-8"
          title="Your webhooks could not be loaded"
          action={
            <Button
              size="sm"
              variant="secondary"
              pending={webhooks.isFetching}
              onClick={() => void webhooks.refetch()}
            >
              Try again
            </Button>
          }
        >
          {errorText(webhooks.error)}
        </Notice>
      ) : (
        <Skeleton className="mt-8 h-40" />
      )}
    </div>
  )
}

const WebhookList = ({ webhooks }: { webhooks: WebhookView[] }) =>
  webhooks.length > 0 ? (
    <ul aria-label="Your webhooks" className="mt-8 space-y-6">
      {webhooks.map((webhook) => (
        <li key={webhook.id}>
          <WebhookCard webhook={webhook} />
        </li>
      ))}
    </ul>
  ) : (
    <Card className="mt-8">
      <h2 className="font-semibold">No webhooks yet</h2>
      <p className="mt-2 max-w-prose text-muted text-sm leading-6">
        Add one to have a script of your own run when your computer wakes, crashes or falls asleep, or when
        somebody answers, mentions or follows you.
      </p>
    </Card>
  )
