/** `/admin/people`: everybody, found by handle, name or state. What is searched for is in the address. */
import { type PersonState, personStateSchema } from '@matrixos/shared'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useTyped } from '../../lib/use-typed.ts'
import { Field } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { PageHead } from './page-head.tsx'
import { PeopleList } from './people/people-list.tsx'

const route = getRouteApi('/admin/people')

const STATES: Record<PersonState, string> = {
  active: 'Not suspended',
  suspended: 'Suspended',
  admins: 'Administrators',
  online: 'Computer awake',
  throttled: 'Computer slowed down',
  failed: 'Computer not running',
}

const LONGEST_SEARCH = 64

export function PeoplePage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const q = (search.q ?? '').slice(0, LONGEST_SEARCH)
  const state = personStateSchema.safeParse(search.state).data
  const go = (next: { q?: string | undefined; state?: string | undefined }) =>
    void navigate({
      to: '/admin/people',
      search: { q: q || undefined, state, ...next },
      replace: true,
      resetScroll: false,
    })
  const [text, setText] = useTyped(q, (typed) => go({ q: typed.trim() || undefined }))
  const filter = { ...(q && { search: q }), ...(state && { state }) }
  return (
    <div className="animate-fade">
      <PageHead title="People" />
      <search className="mt-6 grid gap-x-4 sm:grid-cols-[minmax(0,1fr)_14rem]">
        <Field
          label="Search"
          type="search"
          placeholder="Handle or name"
          value={text}
          maxLength={LONGEST_SEARCH}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          start={<Search aria-hidden className="mr-3 size-4 shrink-0 text-muted" />}
          onChange={(event) => setText(event.target.value)}
        />
        <SelectField
          label="State"
          value={state ?? ''}
          onChange={(event) => go({ state: event.target.value || undefined })}
        >
          <option value="">Everybody</option>
          {Object.entries(STATES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
      </search>
      <PeopleList key={`${state ?? ''} ${q}`} filter={filter} />
    </div>
  )
}
