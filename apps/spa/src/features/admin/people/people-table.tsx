/** The people found: only the rows in view are in the page, and the next are loaded as somebody scrolls. */
import type { PersonRow as Person } from '@matrixos/shared'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { useMedia } from '../../../lib/use-media.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { PersonRow } from './person-row.tsx'
import { ROLES } from './roles.ts'
import { TableHead } from './table-head.tsx'
import type { AskAction } from './use-people-action.tsx'
import type { Selection } from './use-selection.ts'

const ROW_PX = { desktop: 64, phone: 76 } as const
const OVERSCAN = 10
/** Rows below the view from which on the next page is fetched. */
const AHEAD = 40

export interface PeopleTableProps {
  people: Person[]
  total: number
  selection: Selection
  ask: AskAction
  /** `null`: there is none, or it is on its way, or it failed. */
  loadMore: (() => void) | null
  hasMore: boolean
}

export function PeopleTable({ people, total, selection, ask, loadMore, hasMore }: PeopleTableProps) {
  const now = useNow(60_000)
  const isDesktop = useMedia('(min-width: 48rem)')
  const { body, rows, height, offset } = useRows(people.length + (hasMore ? 1 : 0), isDesktop)
  const last = rows.at(-1)?.index ?? 0
  const more = useEffectEvent(() => loadMore?.())
  const isDue = loadMore !== null && last >= people.length - AHEAD
  useEffect(() => {
    if (isDue) more()
  }, [isDue])
  return (
    <div {...ROLES.table('People', total + 1)} className="mt-4">
      <TableHead total={total} selection={selection} />
      <div ref={body} {...ROLES.group} className="relative" style={{ height }}>
        {rows.map((row) => {
          const person = people[row.index]
          const style = { height: row.size, transform: `translateY(${row.start - offset}px)` }
          return person ? (
            <PersonRow
              key={person.id}
              {...{ person, style, now, ask }}
              index={row.index + 2}
              isSelected={selection.has(person.id)}
              onSelect={(isSelected) => selection.set(person.id, isSelected)}
            />
          ) : (
            <div key="more" aria-hidden className="absolute top-0 left-0 w-full py-4" style={style}>
              <Skeleton className="h-8" />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** `offset`: where the list begins in the page. */
function useRows(count: number, isDesktop: boolean) {
  const body = useRef<HTMLDivElement>(null)
  const [offset, setOffset] = useState(0)
  const size = isDesktop ? ROW_PX.desktop : ROW_PX.phone
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => size,
    overscan: OVERSCAN,
    scrollMargin: offset,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: every size is another one then
  useLayoutEffect(() => {
    if (body.current) setOffset(body.current.getBoundingClientRect().top + scrollY)
    virtualizer.measure()
  }, [size, virtualizer])
  return { body, offset, rows: virtualizer.getVirtualItems(), height: virtualizer.getTotalSize() }
}
