/** One entry of the audit log: a line that unfolds. */
import type { AuditEntryView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { exactTime, Moment } from '../moment.tsx'
import { actionText } from './words.ts'

type Who = AuditEntryView['actor']

const nameOf = ({ id, handle }: Who): string => handle ?? id

export function AuditEntry({ entry, now }: { entry: AuditEntryView; now: number }) {
  const { at, action, actor, target } = entry
  return (
    <li>
      <details className="group">
        <summary className="flex min-h-12 cursor-pointer items-start gap-2.5 py-3 text-sm leading-6 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-1 size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
          />
          <span className="grid min-w-0 flex-1 gap-x-4 sm:grid-cols-[13rem_minmax(0,1fr)_auto]">
            <span className="font-medium">{actionText(action)}</span>
            <span className="min-w-0 truncate">
              {nameOf(actor)} <span className="text-muted">→</span> {nameOf(target)}
            </span>
            <span className="text-muted">
              <Moment iso={at} now={now} />
            </span>
          </span>
        </summary>
        <Full entry={entry} />
      </details>
    </li>
  )
}

const Full = ({ entry }: { entry: AuditEntryView }) => (
  <dl className="mb-4 ml-6.5 grid gap-x-6 gap-y-2 rounded-control bg-sunken p-4 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
    <Line term="Time">
      {exactTime(entry.at)} <span className="text-muted">({entry.at})</span>
    </Line>
    <Line term="Actor">
      <Named who={entry.actor} />
    </Line>
    <Line term="Target">
      <Named who={entry.target} />
    </Line>
    <Line term="Address">{entry.address}</Line>
    {Object.entries(entry.detail).map(([name, value]) => (
      <Line key={name} term={actionText(name)}>
        {value}
      </Line>
    ))}
    <Line term="Entry">{entry.id}</Line>
  </dl>
)

const Line = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="break-words text-muted">{term}</dt>
    <dd className="mb-1 break-words font-mono text-[0.92em] leading-6 sm:mb-0">{children}</dd>
  </>
)

const Named = ({ who }: { who: Who }) =>
  who.handle === null ? (
    who.id
  ) : (
    <>
      <Link
        to="/admin/people/$handle"
        params={{ handle: who.handle }}
        className="text-accent underline underline-offset-4"
      >
        {who.handle}
      </Link>{' '}
      <span className="break-all text-muted">{who.id}</span>
    </>
  )
