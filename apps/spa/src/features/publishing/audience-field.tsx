/** Who may open the app, and what that means. */
import type { PublicationMode } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { useId } from 'react'
import { site } from '../../lib/hosts.ts'
import { AUDIENCES } from './words.ts'

export interface AudienceFieldProps {
  value: PublicationMode
  onValue: (mode: PublicationMode) => void
}

/** One person alone has invited nobody. */
const modes = (): PublicationMode[] => (site().isSingle ? ['public'] : ['public', 'viewers'])

export function AudienceField({ value, onValue }: AudienceFieldProps) {
  const offered = modes()
  return (
    <fieldset>
      <legend className="font-medium text-sm">Who can open it</legend>
      <div className="mt-2 grid gap-2 sm:grid-cols-2">
        {offered.map((mode) => (
          <Audience key={mode} mode={mode} isChosen={mode === value} onChoose={() => onValue(mode)} />
        ))}
      </div>
      <ul className="mt-4 space-y-2 text-sm leading-6">
        {AUDIENCES[value].means.map((sentence) => (
          <li key={sentence} className="flex gap-2.5">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-accent" />
            <span>{sentence}</span>
          </li>
        ))}
      </ul>
      {value === 'viewers' && (
        <p className="mt-2 text-sm">
          <Link to="/settings/sharing" className="text-accent underline underline-offset-4">
            See who they are
          </Link>
        </p>
      )}
    </fieldset>
  )
}

interface AudienceProps {
  mode: PublicationMode
  isChosen: boolean
  onChoose: () => void
}

function Audience({ mode, isChosen, onChoose }: AudienceProps) {
  const id = useId()
  const { label, hint } = AUDIENCES[mode]
  return (
    <label
      htmlFor={id}
      className="flex cursor-pointer items-start gap-3 rounded-control border border-line p-4 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
    >
      <input
        id={id}
        type="radio"
        name="audience"
        aria-label={label}
        aria-describedby={`${id}-hint`}
        checked={isChosen}
        onChange={onChoose}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">
        <span className="block font-medium">{label}</span>
        <span id={`${id}-hint`} className="mt-0.5 block text-muted text-sm leading-5">
          {hint}
        </span>
      </span>
    </label>
  )
}
