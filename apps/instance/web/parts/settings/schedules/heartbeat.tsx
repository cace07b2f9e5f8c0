/** The heartbeat: what this computer looks after again and again, of itself. */
import type { ChannelKind } from '@matrixos/shared'
import { type FormEvent, useState } from 'react'
import { type HeartbeatView, SCHEDULES_API, type SchedulesView } from '../../../../src/channels/protocol.ts'
import { ask } from '../ask.ts'
import { inView } from '../in-view.ts'
import type { Viewed } from '../use-view.ts'
import { Outcome } from './outcome.tsx'
import { ResultTo } from './schedule-form.tsx'

const EVERY: readonly (readonly [minutes: number, words: string])[] = [
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, 'hour'],
  [180, '3 hours'],
  [720, '12 hours'],
  [1440, 'day'],
]
const PATH = `${SCHEDULES_API}/heartbeat`
const NEW_WORDS =
  'Check whether anything needs doing: unread notes, and whatever I asked you to watch. If not, answer “Nothing new.”'

interface HeartbeatProps {
  heartbeat: HeartbeatView | null
  channels: readonly ChannelKind[]
  viewed: Viewed<SchedulesView>
}

export function Heartbeat({ heartbeat, channels, viewed }: HeartbeatProps) {
  const { change, isBusy } = viewed
  const [isOpen, setIsOpen] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const act = async (work: () => Promise<SchedulesView>) => {
    const wrong = await change(work)
    setProblem(wrong?.message ?? null)
    if (!wrong) setIsOpen(false)
  }
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const channel = channels.find((kind) => kind === given.get('channel'))
    const words = String(given.get('words')).trim()
    const beat = { everyMinutes: Number(given.get('every')), words, ...(channel && { channel }) }
    void act(() => ask('PUT', PATH, beat))
  }
  const every = EVERY.find(([minutes]) => minutes === heartbeat?.everyMinutes)?.[1]
  return (
    <div className="service">
      <div className="head">
        <h4>Heartbeat</h4>
        {heartbeat && <span className="bot">every {every ?? `${heartbeat.everyMinutes} minutes`}</span>}
        {!isOpen && (
          <button
            type="button"
            className="button"
            onClick={() => setIsOpen(true)}
            aria-label={heartbeat ? 'Change the heartbeat' : 'Set up the heartbeat'}
          >
            {heartbeat ? 'Change' : 'Set up'}
          </button>
        )}
      </div>
      {!heartbeat && !isOpen && (
        <p className="words">I check on something regularly. Each check uses credits.</p>
      )}
      {heartbeat && !isOpen && <Outcome {...heartbeat} />}
      {isOpen && (
        <form className="connect" ref={inView} onSubmit={save} aria-label="Heartbeat">
          <label className="field">
            <span>What to do</span>
            <textarea
              name="words"
              required
              rows={3}
              maxLength={20_000}
              defaultValue={heartbeat?.words ?? NEW_WORDS}
            />
          </label>
          <label className="field">
            <span>Every</span>
            <select name="every" defaultValue={heartbeat?.everyMinutes ?? 60}>
              {heartbeat && !every && (
                <option value={heartbeat.everyMinutes}>{heartbeat.everyMinutes} minutes</option>
              )}
              {EVERY.map(([minutes, words]) => (
                <option key={minutes} value={minutes}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <ResultTo channels={channels} chosen={heartbeat?.channel ?? null} />
          <div className="actions">
            <button type="submit" className="button primary" disabled={isBusy}>
              Save
            </button>
            <button type="button" className="button" onClick={() => setIsOpen(false)}>
              Cancel
            </button>
            {heartbeat && (
              <button
                type="button"
                className="button danger"
                onClick={() => act(() => ask('DELETE', PATH))}
                disabled={isBusy}
              >
                Switch off
              </button>
            )}
          </div>
        </form>
      )}
      <div role="status">{problem && <p className="problem">{problem}</p>}</div>
    </div>
  )
}
