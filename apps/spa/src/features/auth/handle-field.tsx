/** The field for a new handle: its rule, whether it is available, and the address it becomes. */
import { HANDLE_RULE } from '@matrixos/shared'
import { Check } from 'lucide-react'
import type { HandleState } from '../../lib/availability.ts'
import { site } from '../../lib/hosts.ts'
import { Field } from '../../ui/field.tsx'

export interface HandleFieldProps {
  text: string
  onText: (text: string) => void
  state: HandleState
  /** What the api said of this very text when it was sent. */
  refusal: string | null
}

export function HandleField({ text, onText, state, refusal }: HandleFieldProps) {
  return (
    <Field
      label="Handle"
      name="handle"
      value={text}
      onChange={(event) => onText(event.target.value)}
      placeholder="ada"
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={64}
      required
      autoFocus
      end={
        <span aria-hidden className="max-w-[55%] truncate pr-2.5 text-muted text-sm">
          {site().addressSuffix}
        </span>
      }
      noteLines={2}
      error={refusal ?? errorOf(state)}
      hint={<Hint state={state} />}
    />
  )
}

function errorOf(state: HandleState): string | null {
  return state.status === 'malformed' || state.status === 'reserved' || state.status === 'taken'
    ? state.message
    : null
}

function Hint({ state }: { state: HandleState }) {
  if (state.status === 'empty') return <>{HANDLE_RULE}</>
  if (state.status === 'malformed' || state.status === 'reserved' || state.status === 'taken') return null
  return (
    <>
      <span className="block h-5 truncate font-mono text-ink leading-5">{site().address(state.handle)}</span>
      {state.status === 'checking' && 'Checking…'}
      {state.status === 'unknown' && 'We’ll check it when you continue.'}
      {state.status === 'ok' && (
        <span className="flex h-5 items-center gap-1 font-medium text-accent">
          <Check aria-hidden className="size-4" /> Available
        </span>
      )}
    </>
  )
}
