/** A schedule that is made or changed: when, what, and where its result goes. */
import type { ChannelKind } from '@matrixos/shared'
import { type FormEvent, useId, useState } from 'react'
import type { ScheduleView } from '../../../../src/channels/protocol.ts'
import type { SettingsProblem } from '../ask.ts'
import { GUIDES } from '../channels/guides.ts'
import { inView } from '../in-view.ts'
import { whenNext } from '../when.ts'
import { type Choice, choiceOf, cronOf, idOf, NEW_CHOICE, REPEATS, type Repeat } from './cron.ts'
import { usePreview } from './use-preview.ts'

const REPEAT_NAMES: Record<Repeat, string> = {
  hourly: 'Every hour',
  daily: 'Every day',
  weekdays: 'Monday to Friday',
  weekly: 'Every week',
  own: 'Cron expression',
}
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

export type Draft = Pick<ScheduleView, 'id' | 'cron' | 'timezone' | 'words'> & { channel?: ChannelKind }

export interface ScheduleFormProps {
  /** `null`: a new one. */
  schedule: ScheduleView | null
  channels: readonly ChannelKind[]
  isBusy: boolean
  onSave: (draft: Draft) => Promise<SettingsProblem | null>
  onCancel: () => void
}

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function ScheduleForm({ schedule, channels, isBusy, onSave, onCancel }: ScheduleFormProps) {
  const id = useId()
  const [choice, setChoice] = useState(schedule ? choiceOf(schedule.cron) : NEW_CHOICE)
  const [timezone, setTimezone] = useState(schedule?.timezone ?? here())
  const [problem, setProblem] = useState<string | null>(null)
  const cron = cronOf(choice)
  const preview = usePreview(cron, timezone)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const name = schedule?.id ?? idOf(String(given.get('name')))
    if (!name) return setProblem('Give it a name of letters or digits.')
    const channel = channels.find((kind) => kind === given.get('channel'))
    const words = String(given.get('words')).trim()
    setProblem(
      (await onSave({ id: name, cron, timezone, words, ...(channel && { channel }) }))?.message ?? null,
    )
  }
  return (
    <form
      className="connect"
      ref={inView}
      onSubmit={submit}
      aria-label={schedule ? `Change ${schedule.id}` : 'New schedule'}
    >
      {!schedule && (
        <label className="field">
          <span>Name</span>
          {/* biome-ignore lint/a11y/noAutofocus: the form was just asked for, and this is where it begins. */}
          <input name="name" required maxLength={60} placeholder="Morning news" autoFocus />
        </label>
      )}
      <label className="field">
        <span>What to do</span>
        <textarea
          name="words"
          required
          rows={3}
          maxLength={20_000}
          defaultValue={schedule?.words}
          placeholder="Look what is new on my list of sites, and tell me in three sentences."
        />
      </label>
      <When choice={choice} onChoose={setChoice} />
      <label className="field">
        <span>Timezone</span>
        <input
          value={timezone}
          onChange={(event) => setTimezone(event.target.value)}
          required
          list={`${id}-zones`}
        />
        <datalist id={`${id}-zones`}>
          {[...new Set([here(), 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </label>
      <p className="words next-run" role="status">
        {preview.problem ?? (preview.next[0] ? `Next: ${whenNext(preview.next[0], preview.reader)}` : ' ')}
      </p>
      <ResultTo channels={channels} chosen={schedule?.channel ?? null} />
      <p role="alert" className="problem">
        {problem}
      </p>
      <div className="actions">
        <button type="submit" className="button primary" disabled={isBusy}>
          Save
        </button>
        <button type="button" className="button" onClick={onCancel} disabled={isBusy}>
          Cancel
        </button>
      </div>
    </form>
  )
}

export function ResultTo({
  channels,
  chosen,
}: {
  channels: readonly ChannelKind[]
  chosen: ChannelKind | null
}) {
  const names = GUIDES.filter(({ kind }) => channels.includes(kind) || kind === chosen)
  return (
    <label className="field">
      <span>Result</span>
      <select name="channel" defaultValue={chosen ?? ''}>
        <option value="">In the chat</option>
        {names.map(({ kind, name }) => (
          <option key={kind} value={kind}>
            In the chat and on {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function When({ choice, onChoose }: { choice: Choice; onChoose: (choice: Choice) => void }) {
  const { repeat, time, weekday, cron } = choice
  const pick = (change: Partial<Choice>) => onChoose({ ...choice, ...change })
  return (
    <div className="when-fields">
      <label className="field">
        <span>When</span>
        <select
          value={repeat}
          // What was chosen is where one's own begins.
          onChange={(event) =>
            pick({
              repeat: REPEATS.find((one) => one === event.target.value) ?? repeat,
              cron: cronOf(choice),
            })
          }
        >
          {REPEATS.map((one) => (
            <option key={one} value={one}>
              {REPEAT_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      {repeat === 'weekly' && (
        <label className="field">
          <span>Day</span>
          <select value={weekday} onChange={(event) => pick({ weekday: event.target.value })}>
            {WEEKDAYS.map((day, at) => (
              <option key={day} value={String(at)}>
                {day}
              </option>
            ))}
          </select>
        </label>
      )}
      {repeat === 'own' ? (
        <label className="field">
          <span>Minute, hour, day, month, weekday</span>
          <input
            className="mono"
            value={cron}
            onChange={(event) => pick({ cron: event.target.value })}
            required
          />
        </label>
      ) : repeat === 'hourly' ? (
        <label className="field">
          <span>Minutes past the hour</span>
          <input
            type="number"
            min={0}
            max={59}
            step={1}
            value={Number(time.split(':')[1])}
            onChange={({ target }) =>
              target.validity.valid && pick({ time: `00:${target.value.padStart(2, '0')}` })
            }
            required
          />
        </label>
      ) : (
        <label className="field">
          <span>Time</span>
          <input type="time" value={time} onChange={(event) => pick({ time: event.target.value })} required />
        </label>
      )}
    </div>
  )
}
