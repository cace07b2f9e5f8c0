/** The field for a new handle: its rule, whether it is free, and the address it becomes. */
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
          .{site().instanceDomain}
        </span>
      }
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
  if (state.status === 'empty') return <>{HANDLE_RULE[0]?.toUpperCase() + HANDLE_RULE.slice(1)}.</>
  if (state.status === 'malformed' || state.status === 'reserved' || state.status === 'taken') return null
  const address = site().instanceHost(state.handle)
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <span className="break-all font-mono text-ink">{address}</span>
      {state.status === 'checking' && <span>Checking…</span>}
      {state.status === 'unknown' && <span>We check whether it is free when you continue.</span>}
      {state.status === 'ok' && (
        <span className="inline-flex items-center gap-1 font-medium text-accent">
          <Check aria-hidden className="size-4" /> is free
        </span>
      )}
    </span>
  )
}
