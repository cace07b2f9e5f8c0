/** Connects a channel: what to do at the service, and a field for each token. */
import { type FormEvent, useId, useState } from 'react'
import type { SettingsProblem } from '../ask.ts'
import { inView } from '../in-view.ts'
import type { Guide } from './guides.ts'

export interface ConnectFormProps {
  guide: Guide
  isBusy: boolean
  /** Resolves to what was not right. */
  onConnect: (tokens: Record<string, string>) => Promise<SettingsProblem | null>
  onCancel: () => void
}

export function ConnectForm({ guide, isBusy, onConnect, onCancel }: ConnectFormProps) {
  const id = useId()
  const [problem, setProblem] = useState<SettingsProblem | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setProblem(null)
    const given = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])
    setProblem(await onConnect(Object.fromEntries(given)))
  }
  return (
    <form className="connect" ref={inView} onSubmit={submit} aria-label={`Connect ${guide.name}`}>
      <ol>
        {guide.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {guide.fields.map(({ name, label, like }, at) => (
        <label key={name} className="field">
          <span>{label}</span>
          <input
            name={name}
            type="password"
            autoComplete="off"
            spellCheck={false}
            required
            placeholder={like}
            // biome-ignore lint/a11y/noAutofocus: the form was just asked for, and this is where it begins.
            autoFocus={at === 0}
            aria-invalid={problem?.field === name || undefined}
            aria-describedby={problem ? `${id}-problem` : undefined}
          />
        </label>
      ))}
      <p id={`${id}-problem`} role="alert" className="problem">
        {problem?.message}
      </p>
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          {isBusy ? 'Asking the service…' : 'Connect'}
        </button>
        <button type="button" className="button" onClick={onCancel} disabled={isBusy}>
          Cancel
        </button>
      </div>
    </form>
  )
}
