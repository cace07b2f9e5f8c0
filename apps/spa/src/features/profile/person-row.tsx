/** Somebody in a list. */
import type { PublicPerson } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Avatar } from './avatar.tsx'

const PersonRow = ({ person }: { person: PublicPerson }) => (
  <li>
    <Link
      to="/@{$handle}"
      params={{ handle: person.handle }}
      className="flex min-h-16 items-center gap-4 px-4 py-3 hover:bg-sunken sm:px-6"
    >
      <Avatar person={person} className="size-11" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{person.displayName}</span>
        <span className="block truncate text-muted text-sm">
          @{person.handle}
          {person.bio !== '' && ` · ${person.bio.replaceAll('\n', ' ')}`}
        </span>
      </span>
    </Link>
  </li>
)

export const PersonList = ({ people }: { people: readonly PublicPerson[] }) => (
  <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface">
    {people.map((person) => (
      <PersonRow key={person.handle} person={person} />
    ))}
  </ul>
)
