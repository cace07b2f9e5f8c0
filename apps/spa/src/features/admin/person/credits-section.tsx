/** What a person may spend on AI: their limits, what was granted, and both to be changed. */
import type { PersonLimitsView } from '@matrixos/shared'
import { type ReactNode, useRef, useState } from 'react'
import { countText } from '../../../lib/figures.ts'
import { isNothing, shareOf, usdText } from '../../../lib/money.ts'
import { trpc } from '../../../lib/trpc.ts'
import { Button } from '../../../ui/button.tsx'
import { DotMeter } from '../../../ui/dot-meter.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { Moment } from '../moment.tsx'
import { QueryError } from '../query-error.tsx'
import { GrantDialog } from './grant-dialog.tsx'
import { LimitsDialog } from './limits-dialog.tsx'
import { Section } from './section.tsx'

const REFRESH_MS = 10_000

export function CreditsSection({ handle, now }: { handle: string; now: number }) {
  const limits = trpc.admin.quota.person.useQuery({ handle }, { refetchInterval: REFRESH_MS })
  const [isOpen, setOpen] = useState<'limits' | 'grant' | null>(null)
  const opener = useRef<HTMLElement>(null)
  const ask = (dialog: 'limits' | 'grant') => (event: { currentTarget: HTMLElement }) => {
    opener.current = event.currentTarget
    setOpen(dialog)
  }
  const close = () => setOpen(null)
  return (
    <Section
      title="AI credits"
      action={
        limits.data && (
          <div className="flex gap-2">
            <Button size="sm" variant="secondary" onClick={ask('limits')}>
              Set limits…
            </Button>
            <Button size="sm" variant="secondary" onClick={ask('grant')}>
              Grant credits…
            </Button>
          </div>
        )
      }
    >
      {limits.data ? (
        <>
          <Balance limits={limits.data} />
          <Grants grants={limits.data.grants} now={now} />
          {isOpen === 'limits' && (
            <LimitsDialog {...{ handle, opener }} limits={limits.data} onClose={close} />
          )}
          {isOpen === 'grant' && <GrantDialog {...{ handle, opener }} onClose={close} />}
        </>
      ) : limits.error ? (
        <QueryError title="Their credits could not be loaded" query={limits} />
      ) : (
        <Skeleton className="mt-4 h-24" />
      )}
    </Section>
  )
}

function Balance({ limits }: { limits: PersonLimitsView }) {
  const { plan, spent, held, limit, granted } = limits
  const used = shareOf(spent, limit)
  const text = `Used ${usdText(spent)} of ${usdText(limit)}`
  const own = (value: unknown) => (value === null ? 'as everybody' : 'set for them')
  return (
    <>
      <p className="mt-4 font-medium">
        {text}
        {!isNothing(held) && <span className="font-normal text-muted"> · {usdText(held)} set aside now</span>}
      </p>
      <div className="mt-3 max-w-md">
        <DotMeter
          value={used}
          reserved={Math.min(1 - used, shareOf(held, limit))}
          label="Credits used"
          text={text}
        />
      </div>
      <dl className="mt-5 grid grid-cols-2 gap-x-6 gap-y-4 text-sm sm:grid-cols-4">
        <Fact term="Credits" note={own(limits.credits)}>
          {usdText(limits.credits ?? plan.credits)} {plan.period === 'month' ? 'a month' : 'once'}
        </Fact>
        <Fact term="Granted on top">{usdText(granted)}</Fact>
        <Fact term="Calls at once" note={own(limits.callsAtOnce)}>
          {countText(limits.callsAtOnce ?? plan.callsAtOnce)}
        </Fact>
        <Fact term="Calls a minute" note={own(limits.callsPerMinute)}>
          {countText(limits.callsPerMinute ?? plan.callsPerMinute)}
        </Fact>
      </dl>
    </>
  )
}

const Fact = ({ term, note, children }: { term: string; note?: string; children: ReactNode }) => (
  <div>
    <dt className="text-muted">{term}</dt>
    <dd className="mt-1 tabular-nums">{children}</dd>
    {note && <dd className="text-muted text-xs leading-5">{note}</dd>}
  </div>
)

const Grants = ({ grants, now }: { grants: PersonLimitsView['grants']; now: number }) =>
  grants.length > 0 && (
    <div className="mt-6 border-line border-t pt-5">
      <h3 className="font-medium">Grants</h3>
      <ul className="mt-2 divide-y divide-line text-sm">
        {grants.map(({ amount, message, grantedBy, at }) => (
          <li key={at} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2.5 leading-6">
            <span className="font-medium tabular-nums">{usdText(amount)}</span>
            {message && <span className="min-w-0 break-words">{message}</span>}
            <span className="ml-auto text-muted">
              {grantedBy && `by ${grantedBy} · `}
              <Moment iso={at} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
