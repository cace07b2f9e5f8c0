/** Schedules: what this computer does of itself at set times, also when it has to wake for it. */
import { useState } from 'react'
import { SCHEDULES_API, type SchedulesView, type ScheduleView } from '../../../../src/channels/protocol.ts'
import { ask, problemOf, SettingsProblem } from '../ask.ts'
import { useLooking, useView, type Viewed } from '../use-view.ts'
import { Heartbeat } from './heartbeat.tsx'
import { Outcome } from './outcome.tsx'
import { type Draft, ScheduleForm } from './schedule-form.tsx'

const STARTED = 'I’m at it. The answer comes to the chat.'

export function Schedules({ isActive }: { isActive: boolean }) {
  const viewed = useView<SchedulesView>(SCHEDULES_API, isActive)
  const { view, failure, change, isBusy, read } = viewed
  /** `''`: a new one. */
  const [edited, setEdited] = useState<string | null>(null)
  const edit = (id: string) => {
    setEdited(id)
    // A channel may have been connected since, just above.
    void read()
  }
  const save = async (draft: Draft) => {
    const { id, ...content } = draft
    if (edited === '' && view?.schedules.some((one) => one.id === id))
      return new SettingsProblem(`There is a schedule called ${id} already.`)
    const wrong = await change(() => ask('PUT', `${SCHEDULES_API}/${id}`, content))
    if (!wrong) setEdited(null)
    return wrong
  }
  const form = { channels: view?.channels ?? [], isBusy, onSave: save, onCancel: () => setEdited(null) }
  return (
    <section aria-labelledby="settings-schedules">
      <h3 id="settings-schedules">Schedules</h3>
      <p className="words">
        What I do at set times. I wake for it, and sleep again. Schedules and messages keep me awake for half
        of each hour at most; what comes after that waits for the next.
      </p>
      {failure && <p className="problem">{failure}</p>}
      {view?.platformTrouble && <p className="problem">{view.platformTrouble}</p>}
      <ul className="services" aria-busy={view === null && !failure}>
        {view?.schedules.map((schedule) => (
          <li key={schedule.id} className="service">
            {edited === schedule.id ? (
              <ScheduleForm schedule={schedule} {...form} />
            ) : (
              <Schedule schedule={schedule} viewed={viewed} onEdit={() => edit(schedule.id)} />
            )}
          </li>
        ))}
        {view?.schedules.length === 0 && edited === null && (
          <li className="words">None yet. Try: every morning, tell me what’s new.</li>
        )}
      </ul>
      {edited === '' && <ScheduleForm schedule={null} {...form} />}
      {view && edited === null && (
        <button type="button" className="button" onClick={() => edit('')}>
          Add a schedule
        </button>
      )}
      {view && <Heartbeat heartbeat={view.heartbeat} channels={view.channels} viewed={viewed} />}
    </section>
  )
}

interface ScheduleProps {
  schedule: ScheduleView
  viewed: Viewed<SchedulesView>
  onEdit: () => void
}

function Schedule({ schedule, viewed, onEdit }: ScheduleProps) {
  const { id, last } = schedule
  const { change, isBusy, read } = viewed
  const [problem, setProblem] = useState<string | null>(null)
  /** When it had last run as it was started by hand: what comes of it is looked for until then. */
  const [startedAfter, setStartedAfter] = useState<string | null>()
  const isRunning = startedAfter !== undefined && startedAfter === (last?.at ?? null)
  useLooking(isRunning, read)
  const [isAsked, setIsAsked] = useState(false)
  const path = `${SCHEDULES_API}/${id}`
  const run = async () => {
    try {
      await ask('POST', `${path}/run`)
      setProblem(null)
      setStartedAfter(last?.at ?? null)
    } catch (error) {
      setProblem(problemOf(error).message)
    }
  }
  const remove = async () => {
    const wrong = await change(() => ask('DELETE', path))
    if (wrong) setProblem(wrong.message)
  }
  return (
    <>
      <div className="head">
        <h4>{id}</h4>
      </div>
      <Outcome {...schedule} />
      <div className="actions">
        <button type="button" className="button" onClick={run} aria-label={`Run now: ${id}`}>
          Run now
        </button>
        <button type="button" className="button" onClick={onEdit} aria-label={`Change ${id}`}>
          Change
        </button>
        {isAsked ? (
          <button type="button" className="button danger" onClick={remove} disabled={isBusy}>
            Delete {id}
          </button>
        ) : (
          <button
            type="button"
            className="button"
            onClick={() => setIsAsked(true)}
            aria-label={`Delete ${id}…`}
          >
            Delete
          </button>
        )}
      </div>
      <div role="status">
        {problem ? <p className="problem">{problem}</p> : isRunning && <p className="words">{STARTED}</p>}
      </div>
    </>
  )
}
