/** One person in the table: columns on a desktop, two lines on a phone. */
import type { PersonRow as Person } from '@matrixos/shared'
import type { CSSProperties, ReactNode } from 'react'
import { cn } from '../../../ui/cn.ts'
import { Dot } from '../../../ui/dot.tsx'
import { Badge } from '../badge.tsx'
import { Moment } from '../moment.tsx'
import { listedWords } from '../observed-words.ts'
import { ROLES } from './roles.ts'
import { PersonLink, RowMenu } from './row-menu.tsx'
import type { AskAction } from './use-people-action.tsx'

export const COLUMNS =
  'grid grid-cols-[2.75rem_minmax(0,1fr)_2.75rem] items-center gap-x-1 md:grid-cols-[2.75rem_minmax(0,1fr)_8.5rem_8rem_8rem_2.75rem] md:gap-x-3'

export interface PersonRowProps {
  person: Person
  index: number
  now: number
  style: CSSProperties
  isSelected: boolean
  onSelect: (isSelected: boolean) => void
  ask: AskAction
}

const Cell = ({ className, children }: { className?: string; children: ReactNode }) => (
  <div {...ROLES.cell} className={className}>
    {children}
  </div>
)

export const PersonRow = ({ person, index, now, style, isSelected, onSelect, ask }: PersonRowProps) => (
  <div
    {...ROLES.row(index)}
    style={style}
    className={cn(
      COLUMNS,
      'absolute top-0 left-0 w-full content-center border-line border-b',
      isSelected && 'bg-accent-soft',
    )}
  >
    <Cell className="row-span-2 md:row-span-1">
      <label className="grid size-11 cursor-pointer place-items-center">
        <input
          type="checkbox"
          aria-label={`Select ${person.handle}`}
          checked={isSelected}
          onChange={(event) => onSelect(event.target.checked)}
          className="size-5 accent-accent"
        />
      </label>
    </Cell>
    <Cell className="min-w-0">
      <span className="flex items-center gap-x-2.5">
        <PersonLink handle={person.handle} />
        {person.role === 'admin' && <Badge tone="accent">Admin</Badge>}
        {person.suspendedAt && <Badge tone="danger">Suspended</Badge>}
        {person.isThrottled && <Badge tone="danger">Slowed down</Badge>}
      </span>
      <span className="hidden truncate text-muted text-sm md:block">{person.displayName}</span>
    </Cell>
    <div className="col-start-2 row-start-2 flex min-w-0 flex-wrap gap-x-4 text-sm md:contents">
      <Cell className="inline-flex items-center gap-2.5">
        {person.instance ? <State instance={person.instance} /> : 'No computer'}
      </Cell>
      <Cell className="text-muted">
        {person.lastSeenAt ? <Moment iso={person.lastSeenAt} now={now} /> : 'Never seen'}
      </Cell>
      <Cell className="hidden text-muted md:block">
        <Moment iso={person.createdAt} now={now} />
      </Cell>
    </div>
    <Cell className="col-start-3 row-span-2 row-start-1 md:col-start-auto md:row-span-1 md:row-start-auto">
      <RowMenu person={person} ask={ask} />
    </Cell>
  </div>
)

function State({ instance }: { instance: NonNullable<Person['instance']> }) {
  const { label, tone } = listedWords(instance)
  return (
    <>
      <Dot tone={tone} className="shadow-none" />
      {label}
    </>
  )
}
