/** The head of the table; on a phone only the box that ticks everybody is seen of it. */
import { MOST_PEOPLE_AT_ONCE } from '@matrixos/shared'
import type { ReactNode } from 'react'
import { countText } from '../../../lib/figures.ts'
import { cn } from '../../../ui/cn.ts'
import { COLUMNS } from './person-row.tsx'
import { ROLES } from './roles.ts'
import type { Selection } from './use-selection.ts'

const Head = ({ children, className }: { children: ReactNode; className?: string }) => (
  <div {...ROLES.head} className={className}>
    {children}
  </div>
)

export function TableHead({ total, selection }: { total: number; selection: Selection }) {
  const tooMany = total > MOST_PEOPLE_AT_ONCE
  return (
    <div {...ROLES.group} className="sticky top-0 z-10 bg-paper">
      <div {...ROLES.row(1)} className={cn(COLUMNS, 'h-12 border-line border-b text-muted text-sm')}>
        <Head>
          <label className="grid size-11 cursor-pointer place-items-center">
            <input
              type="checkbox"
              aria-label="Select everybody found"
              title={
                tooMany ? `Narrow the search to ${countText(MOST_PEOPLE_AT_ONCE)} people or fewer` : undefined
              }
              disabled={tooMany}
              checked={selection.all}
              onChange={(event) => selection.setAll(event.target.checked)}
              className="size-5 accent-accent"
            />
          </label>
        </Head>
        <Head>Person</Head>
        <div className="hidden md:contents">
          <Head>Computer</Head>
          <Head>Last seen</Head>
          <Head>Signed up</Head>
        </div>
        <Head>
          <span className="sr-only">Actions</span>
        </Head>
      </div>
    </div>
  )
}
