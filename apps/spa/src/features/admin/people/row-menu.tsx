/** What can be done to one person, behind three dots. */
import type { PersonRow } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useRef } from 'react'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { ACTION_WORDS, actionsFor } from './actions.ts'
import type { AskAction } from './use-people-action.tsx'

export function RowMenu({ person, ask }: { person: PersonRow; ask: AskAction }) {
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <Menu
      trigger={
        <button
          ref={opener}
          type="button"
          aria-label={`Actions for ${person.handle}`}
          className="grid size-11 place-items-center rounded-control text-muted hover:bg-sunken hover:text-ink"
        >
          <Ellipsis aria-hidden className="size-5" />
        </button>
      }
    >
      {actionsFor(person).map((action) => (
        <MenuItem key={action} onSelect={() => ask(action, { ids: [person.id] }, opener.current)}>
          {ACTION_WORDS[action].label}…
        </MenuItem>
      ))}
    </Menu>
  )
}

export const PersonLink = ({ handle }: { handle: string }) => (
  <Link
    to="/admin/people/$handle"
    params={{ handle }}
    className="truncate font-medium underline-offset-4 hover:underline"
  >
    {handle}
  </Link>
)
