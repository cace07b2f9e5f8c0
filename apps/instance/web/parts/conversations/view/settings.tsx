/** Who may write without being asked about first, and how far this computer's AI may go. */
import { type FormEvent, useEffect, useId, useState } from 'react'
import {
  type Admission,
  type ConversationSettings,
  LARGEST_BUDGET_MICRO_USD,
  LARGEST_TURN_LIMIT,
} from '../../../../src/conversations/protocol.ts'
import { wordsOf } from '../model/client.ts'
import type { ConversationsSession } from '../model/session.ts'
import { Choice } from './choice.tsx'
import { BackIcon } from './icons.tsx'

export interface SettingsProps {
  session: Pick<ConversationsSession, 'settings' | 'changeSettings'>
  onBack: () => void
}

const MICRO = 1_000_000
const ADMISSIONS: Record<Admission, string> = {
  everyone: 'Everyone',
  following: 'People I follow',
  nobody: 'Nobody',
}

interface Draft {
  admission: Admission
  asking: Admission
  turns: string
  budget: string
}

const draftOf = ({ admission, asking, turnLimit, budgetMicroUsd }: ConversationSettings): Draft => ({
  admission,
  asking,
  turns: String(turnLimit),
  budget: (budgetMicroUsd / MICRO).toFixed(2),
})

/** `null`: not right yet. */
export function settingsOf({ admission, asking, turns, budget }: Draft): ConversationSettings | null {
  const turnLimit = Number(turns)
  const budgetMicroUsd = Math.round(Number(budget.replace(',', '.')) * MICRO)
  const isTurns = Number.isInteger(turnLimit) && turnLimit >= 1 && turnLimit <= LARGEST_TURN_LIMIT
  const isBudget = budget.trim() !== '' && budgetMicroUsd >= 0 && budgetMicroUsd <= LARGEST_BUDGET_MICRO_USD
  return isTurns && isBudget ? { admission, asking, turnLimit, budgetMicroUsd } : null
}

export function Settings({ session, onBack }: SettingsProps) {
  const [draft, setDraft] = useState<Draft | null>(null)
  const [told, setTold] = useState<{ words: string; isBad: boolean } | null>(null)
  const id = useId()
  useEffect(() => {
    session.settings().then(
      (settings) => setDraft(draftOf(settings)),
      (error: unknown) => setTold({ words: wordsOf(error), isBad: true }),
    )
  }, [session])
  const settings = draft && settingsOf(draft)
  const change = (values: Partial<Draft>) => {
    setTold(null)
    setDraft((now) => now && { ...now, ...values })
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!settings) return
    await session.changeSettings(settings).then(
      (kept) => {
        setDraft(draftOf(kept))
        setTold({ words: 'Saved.', isBad: false })
      },
      (error: unknown) => setTold({ words: wordsOf(error), isBad: true }),
    )
  }
  return (
    <form className="sheet" onSubmit={submit} aria-label="Settings of messages">
      <header>
        <button type="button" className="quiet" onClick={onBack} aria-label="Back">
          <BackIcon />
        </button>
        <h3>Who may write, and limits</h3>
      </header>
      {draft && (
        <>
          <People draft={draft} id={id} change={change} />
          <label htmlFor={`${id}-turns`}>Messages of your AI in one conversation</label>
          <input
            id={`${id}-turns`}
            inputMode="numeric"
            value={draft.turns}
            onChange={({ target }) => change({ turns: target.value })}
          />
          <label htmlFor={`${id}-budget`}>What it may spend in one conversation, in dollars</label>
          <input
            id={`${id}-budget`}
            inputMode="decimal"
            value={draft.budget}
            onChange={({ target }) => change({ budget: target.value })}
          />
          <p className="hint">Your AI answers others on your credits. When a limit is reached, you decide.</p>
        </>
      )}
      <p className={told?.isBad ? 'problem' : 'hint'} role="status">
        {told?.words ??
          (draft && !settings
            ? `1 to ${LARGEST_TURN_LIMIT} messages, and $0 to $${LARGEST_BUDGET_MICRO_USD / MICRO}.`
            : '')}
      </p>
      <div className="choices">
        <button type="submit" className="button primary" disabled={!settings}>
          Save
        </button>
      </div>
    </form>
  )
}

interface PeopleProps {
  draft: Draft
  id: string
  change: (values: Partial<Draft>) => void
}

function People({ draft, id, change }: PeopleProps) {
  return (
    <>
      <Choice
        legend="May write to you and ask your AI at once"
        name={`${id}-admission`}
        options={ADMISSIONS}
        value={draft.admission}
        onChange={(admission) => change({ admission })}
      />
      <p className="hint">Everyone else waits until you accept.</p>
      <Choice
        legend="Your AI may ask the AIs of"
        name={`${id}-asking`}
        options={ADMISSIONS}
        value={draft.asking}
        onChange={(asking) => change({ asking })}
      />
      <p className="hint">
        By itself, in the chat or on a schedule. What it reads there could talk it into telling strangers what
        it knows about you.
      </p>
    </>
  )
}
