/** The newest request for more credits: waiting, or what an administrator answered. */
import type { CreditRequestView } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { usdText } from '../../lib/money.ts'
import { timeAgo } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Badge } from '../admin/badge.tsx'
import { ConfirmRemoval } from '../settings/confirm-removal.tsx'

type State = Exclude<CreditRequestView['state'], 'withdrawn'>

const LOOKS: Record<State, { label: string; tone: 'warn' | 'accent' | 'danger' }> = {
  open: { label: 'Waiting for an answer', tone: 'warn' },
  approved: { label: 'Approved', tone: 'accent' },
  denied: { label: 'Denied', tone: 'danger' },
}

export function RequestState({ request }: { request: CreditRequestView }) {
  const now = useNow(30_000)
  if (request.state === 'withdrawn') return null
  const { label, tone } = LOOKS[request.state]
  const { answer, answeredAt, createdAt } = request
  return (
    <section aria-label="Your request for more" className="mt-6 border-line border-t pt-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64 text-sm leading-6">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium">
            {sentence(request)} <Badge tone={tone}>{label}</Badge>
          </p>
          <p className="mt-1 break-words text-muted">“{request.reason}”</p>
          {answer && <p className="mt-2 break-words border-line-strong border-l-2 pl-3">{answer}</p>}
          <p className="mt-1 text-muted">
            {answeredAt ? `Answered ${timeAgo(answeredAt, now)}` : `Sent ${timeAgo(createdAt, now)}`}
          </p>
        </div>
        {request.state === 'open' && <Withdraw request={request} />}
      </div>
    </section>
  )
}

function sentence({ state, amount, granted }: CreditRequestView): string {
  if (state === 'approved' && granted !== null) return `You got ${usdText(granted)}`
  return `You requested ${usdText(amount)}`
}

function Withdraw({ request }: { request: CreditRequestView }) {
  const { quota } = trpc.useUtils()
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const withdraw = trpc.quota.withdrawRequest.useMutation({
    onSuccess: () => {
      setAsking(false)
      toast.success('Your request is withdrawn.')
    },
    // Also after a failure: somebody may have answered it meanwhile.
    onSettled: () => quota.credits.invalidate(),
  })
  return (
    <>
      <Button ref={opener} size="sm" variant="secondary" onClick={() => setAsking(true)}>
        Withdraw
      </Button>
      <ConfirmRemoval
        open={isAsking}
        onOpenChange={setAsking}
        opener={opener}
        title="Withdraw your request?"
        description="Nobody will answer it then. You can send another one."
        confirmLabel="Withdraw"
        pending={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate({ id: request.id })}
      />
    </>
  )
}
