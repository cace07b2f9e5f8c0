/** Who asks for more credits, longest first, to be approved or denied. */
import type { OpenRequestView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { usdText } from '../../../lib/money.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Moment } from '../moment.tsx'
import { Nothing, Section } from '../person/section.tsx'
import { QueryError } from '../query-error.tsx'
import { AnswerDialog } from './answer-dialog.tsx'

const REFRESH_MS = 15_000

export function RequestList() {
  const requests = trpc.admin.quota.requests.useQuery(undefined, { refetchInterval: REFRESH_MS })
  const now = useNow(30_000)
  return (
    <div className="mt-8">
      <Section title="Requests for more">
        {requests.data ? (
          <>
            {requests.data.length === 0 && <Nothing>Nobody is waiting for an answer.</Nothing>}
            <ul className="mt-1 divide-y divide-line">
              {requests.data.map((request) => (
                <Request key={request.id} request={request} now={now} />
              ))}
            </ul>
          </>
        ) : requests.error ? (
          <QueryError title="The requests could not be loaded" query={requests} />
        ) : (
          <Skeleton className="mt-4 h-16" />
        )}
      </Section>
    </div>
  )
}

type Verdict = 'approve' | 'deny'

function Request({ request, now }: { request: OpenRequestView; now: number }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const opener = useRef<HTMLElement>(null)
  const ask = (next: Verdict) => (event: { currentTarget: HTMLElement }) => {
    opener.current = event.currentTarget
    setVerdict(next)
  }
  const { handle, amount, reason, spent, limit, createdAt } = request
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-64 text-sm leading-6">
        <p className="text-base">
          <Link
            to="/admin/people/$handle"
            params={{ handle }}
            className="font-medium underline-offset-4 hover:underline"
          >
            {handle}
          </Link>{' '}
          requests {usdText(amount)}
        </p>
        <p className="break-words">“{reason}”</p>
        <p className="text-muted">
          Used {usdText(spent)} of {usdText(limit)} · <Moment iso={createdAt} now={now} />
        </p>
      </div>
      <div className="flex gap-2">
        <Button size="sm" variant="danger-quiet" aria-label={`Deny ${handle}`} onClick={ask('deny')}>
          Deny…
        </Button>
        <Button size="sm" aria-label={`Approve ${handle}`} onClick={ask('approve')}>
          Approve…
        </Button>
      </div>
      {verdict && (
        <AnswerDialog request={request} verdict={verdict} opener={opener} onClose={() => setVerdict(null)} />
      )}
    </li>
  )
}
