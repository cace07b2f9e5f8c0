/** What to do with everybody who is ticked; stays in view. */
import { MOST_PEOPLE_AT_ONCE, PEOPLE_ACTIONS } from '@matrixos/shared'
import { ChevronUp } from 'lucide-react'
import { useRef } from 'react'
import { countText } from '../../../lib/figures.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { ACTION_WORDS } from './actions.ts'
import type { AskAction } from './use-people-action.tsx'
import type { Selection } from './use-selection.ts'

export function BulkBar({ selection, ask }: { selection: Selection; ask: AskAction }) {
  const opener = useRef<HTMLButtonElement>(null)
  if (selection.count === 0) return null
  const tooMany = selection.count > MOST_PEOPLE_AT_ONCE
  return (
    <section
      aria-label="Selected people"
      className="sticky bottom-4 z-20 mt-4 flex animate-rise flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-surface p-3 pl-5 shadow-card"
    >
      <p role="status" className="font-medium text-sm">
        {countText(selection.count)} selected
        {tooMany && (
          <span className="font-normal text-muted"> · {countText(MOST_PEOPLE_AT_ONCE)} at most</span>
        )}
      </p>
      <div className="flex gap-2">
        <Button size="sm" variant="ghost" onClick={selection.clear}>
          Clear
        </Button>
        <Menu
          trigger={
            <Button ref={opener} size="sm" disabled={tooMany}>
              Actions <ChevronUp aria-hidden />
            </Button>
          }
        >
          {PEOPLE_ACTIONS.map((action) => (
            <MenuItem key={action} onSelect={() => ask(action, selection.selection, opener.current)}>
              {ACTION_WORDS[action].label}…
            </MenuItem>
          ))}
        </Menu>
      </div>
    </section>
  )
}
