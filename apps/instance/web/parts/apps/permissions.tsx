/** What an app may spend: asked when it first wants the AI, and to be changed at any time. */
import { useState } from 'react'
import type { AppAi, AppEntry } from '../../../src/apps/protocol.ts'
import { wordsOf } from '../files/client/problem.ts'
import { appsClient } from './client.ts'
import { Dialog } from './dialog.tsx'
import { AppIcon } from './icon.tsx'
import { refreshApps } from './store.ts'

const AMOUNT = /^\d{1,6}(\.\d{1,2})?$/

interface Deciding {
  app: AppEntry
  onDone: () => void
}

function useDecision({ app, onDone }: Deciding) {
  const [limit, setLimit] = useState(app.ai?.limitUsd ?? '0.50')
  const [problem, setProblem] = useState<string | null>(null)
  const decide = async (isAllowed: boolean) => {
    if (isAllowed && !AMOUNT.test(limit)) return setProblem('Enter an amount in dollars, such as 0.50.')
    try {
      await appsClient.decide(app.name, isAllowed ? { isAllowed, limitUsd: limit } : { isAllowed })
      await refreshApps()
      onDone()
    } catch (error) {
      setProblem(wordsOf(error))
    }
  }
  const field = (
    <>
      <label className="field">
        <span>At most, in US dollars a month</span>
        <input inputMode="decimal" value={limit} onChange={({ target }) => setLimit(target.value)} />
      </label>
      <p className="problem" role="status">
        {problem}
      </p>
    </>
  )
  return { decide, field }
}

export function Permissions({ app, onClose }: { app: AppEntry; onClose: () => void }) {
  const { decide, field } = useDecision({ app, onDone: onClose })
  const { ai } = app
  const isAllowed = ai?.consent === 'allowed'
  return (
    <Dialog title={`What ${app.title} may do`} onClose={onClose}>
      <p>
        It keeps its own files and values, and reaches nothing else on your computer. With your leave it may
        use the AI on your credits.
      </p>
      {ai && <p>{spentWords(ai)}</p>}
      {field}
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        {isAllowed && (
          <button type="button" className="button danger" onClick={() => decide(false)}>
            Don’t allow the AI
          </button>
        )}
        <button type="button" className="button primary" onClick={() => decide(true)}>
          {isAllowed ? 'Save' : 'Allow the AI'}
        </button>
      </div>
    </Dialog>
  )
}

const dollars = (usd: string): string =>
  `$${Number(usd).toFixed(Number(usd) > 0 && Number(usd) < 0.01 ? 4 : 2)}`

export function spentWords({ consent, spentUsd, limitUsd, visitorsSpentUsd }: AppAi): string {
  const own =
    consent === 'allowed'
      ? `It has spent ${dollars(spentUsd)} of ${dollars(limitUsd)} this month.`
      : consent === 'denied'
        ? 'You have not allowed it to use the AI.'
        : 'It has not asked for the AI yet.'
  return Number(visitorsSpentUsd) > 0 ? `${own} Visitors have spent ${dollars(visitorsSpentUsd)}.` : own
}

/** An app waits for the answer. Closed without one, it is asked no more than it was. */
export function AskForAi({ app, onLater }: { app: AppEntry; onLater: () => void }) {
  const { decide, field } = useDecision({ app, onDone: onLater })
  return (
    <Dialog title={`${app.title} wants to use the AI`} onClose={onLater}>
      <div className="asker">
        <AppIcon app={app} />
        <span>
          It would be paid with your credits, up to a limit that you set. You can take it back at any time.
        </span>
      </div>
      {field}
      <div className="actions">
        <button type="button" className="button" onClick={() => decide(false)}>
          Don’t allow
        </button>
        <button type="button" className="button primary" onClick={() => decide(true)}>
          Allow
        </button>
      </div>
    </Dialog>
  )
}
