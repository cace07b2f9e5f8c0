/** The fields that say what to search the audit log for. */
import { useTyped } from '../../../lib/use-typed.ts'
import { Button } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'
import { SelectField } from '../../../ui/select-field.tsx'
import { type AuditFilter, isFiltered, localTime, timeOf } from './search.ts'
import { actionText } from './words.ts'

export interface AuditFiltersProps {
  filter: AuditFilter
  /** Every action that there is; empty until the first answer. */
  actions: string[]
  onChange: (change: AuditFilter) => void
  onClear: () => void
}

export function AuditFilters({ filter, actions, onChange, onClear }: AuditFiltersProps) {
  const [actor, setActor] = useTyped(filter.actor ?? '', (text) => onChange({ actor: text }))
  const [target, setTarget] = useTyped(filter.target ?? '', (text) => onChange({ target: text }))
  const { action } = filter
  // One that the address names and the log does not have is shown all the same.
  const options = action && !actions.includes(action) ? [action, ...actions] : actions
  const typed = {
    type: 'search',
    autoComplete: 'off',
    autoCapitalize: 'none',
    spellCheck: false,
    maxLength: 64,
  }
  return (
    <search className="mt-6 grid grid-cols-2 gap-x-4 lg:grid-cols-3">
      <Field
        {...typed}
        label="Actor"
        placeholder="Handle or id"
        value={actor}
        onChange={(event) => setActor(event.target.value)}
      />
      <Field
        {...typed}
        label="Target"
        placeholder="Handle or id"
        value={target}
        onChange={(event) => setTarget(event.target.value)}
      />
      <SelectField
        label="Action"
        className="col-span-2 mb-7 sm:col-span-1"
        value={action ?? ''}
        onChange={(event) => onChange({ action: event.target.value })}
      >
        <option value="">Every action</option>
        {options.map((name) => (
          <option key={name} value={name}>
            {actionText(name)}
          </option>
        ))}
      </SelectField>
      <Field
        label="From"
        className="col-span-2 sm:col-span-1"
        type="datetime-local"
        value={localTime(filter.from)}
        onChange={(event) => onChange({ from: timeOf(event.target.value) })}
      />
      <Field
        label="Until"
        className="col-span-2 sm:col-span-1"
        type="datetime-local"
        value={localTime(filter.to)}
        onChange={(event) => onChange({ to: timeOf(event.target.value) })}
      />
      <div className="col-span-2 mb-7 flex items-end sm:col-span-1">
        <Button
          variant="secondary"
          className="h-12 w-full"
          unavailable={!isFiltered(filter)}
          onClick={onClear}
        >
          Clear
        </Button>
      </div>
    </search>
  )
}
