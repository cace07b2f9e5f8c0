/** Who spent most, and how near their limit they are. */
import type { SpendView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { counted } from '../../../lib/figures.ts'
import { shareOf, usdText } from '../../../lib/money.ts'
import { Button } from '../../../ui/button.tsx'
import { DotMeter } from '../../../ui/dot-meter.tsx'
import { Nothing, Section } from '../person/section.tsx'

const FEW = 10

type Spender = SpendView['byPerson'][number]

export function ByPerson({ people }: { people: Spender[] }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? people : people.slice(0, FEW)
  return (
    <Section title="By person">
      {people.length === 0 && <Nothing>Nobody has spent anything.</Nothing>}
      <ul className="mt-3 divide-y divide-line text-sm">
        {shown.map((person, index) => (
          // Deleted accounts have no name to tell them apart.
          <Row key={person.handle ?? `deleted-${index}`} person={person} />
        ))}
      </ul>
      {people.length > FEW && !isWhole && (
        <Button size="sm" variant="ghost" className="mt-3" onClick={() => setWhole(true)}>
          Show all {people.length}
        </Button>
      )}
    </Section>
  )
}

const Row = ({ person: { handle, cost, calls, spent, limit } }: { person: Spender }) => (
  <li className="py-3">
    <p className="flex items-baseline justify-between gap-4">
      <span className="flex min-w-0 items-baseline gap-3">
        {handle === null ? (
          <span className="text-muted">Deleted accounts</span>
        ) : (
          <Link
            to="/admin/people/$handle"
            params={{ handle }}
            className="truncate font-medium underline-offset-4 hover:underline"
          >
            {handle}
          </Link>
        )}
        <span className="whitespace-nowrap text-muted">{counted(calls, 'call', 'calls')}</span>
      </span>
      <span className="whitespace-nowrap tabular-nums">{usdText(cost)}</span>
    </p>
    {spent !== null && limit !== null && (
      <div className="mt-2.5 grid gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center">
        <DotMeter
          value={shareOf(spent, limit)}
          label={`Credits of ${handle}`}
          text={`${usdText(spent)} of ${usdText(limit)}`}
        />
        <span className="text-muted text-xs tabular-nums">
          {usdText(spent)} of {usdText(limit)} in their period
        </span>
      </div>
    )}
  </li>
)
