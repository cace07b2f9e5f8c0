/** A channel that is connected: how it is, who may talk, and how much. */
import { type FormEvent, useId, useState } from 'react'
import type { ChannelView } from '../../../../src/channels/protocol.ts'
import { ago } from '../when.ts'
import { CopyField } from './copy-field.tsx'
import { type Guide, pairingOf, shownCode } from './guides.ts'

export interface ConnectedProps {
  guide: Guide
  channel: ChannelView
  isBusy: boolean
  onPeople: (change: { people?: ChannelView['people']; messagesPerDay?: number }) => void
  onNewCode: () => void
  onCheck: () => void
  onDisconnect: () => void
}

export function Connected(props: ConnectedProps) {
  const { guide, channel, isBusy } = props
  const { left, url, people, trouble, isSetUp } = channel
  return (
    <>
      <Facts {...channel} />
      {trouble && (
        <p className="problem">
          {trouble.words} <span className="when">{ago(trouble.at, new Date())}</span>
        </p>
      )}
      {left !== null && url && (
        <div className="left">
          <CopyField label="Address" value={url} />
          <ol>
            {guide.after.length > 0 ? guide.after.map((step) => <li key={step}>{step}</li>) : <li>{left}</li>}
          </ol>
        </div>
      )}
      {isSetUp && people.length === 0 && <Pairing {...props} />}
      {people.length > 0 && <People {...props} />}
      <div className="actions">
        <button type="button" className="button" onClick={props.onCheck} disabled={isBusy}>
          Check now
        </button>
        <Disconnect {...props} />
      </div>
    </>
  )
}

function Facts({ lastMessageAt, waiting, answeredToday, messagesPerDay }: ChannelView) {
  const last = lastMessageAt ? `Last message ${ago(lastMessageAt, new Date())}` : 'No message yet'
  const waits = waiting > 0 ? ` · ${waiting} waiting` : ''
  return (
    <p className="words">
      {last} · {answeredToday} of {messagesPerDay} answers today{waits}
    </p>
  )
}

/** The first person, or one more. */
function Pairing({ channel, isBusy, onNewCode }: ConnectedProps) {
  const { words, link } = pairingOf(channel)
  const isFirst = channel.people.length === 0
  return (
    <div className="pairing">
      <p>
        {isFirst ? 'Nobody can talk to me here yet, so no stranger spends your credits. ' : ''}
        {words}
      </p>
      <p className="code">
        <code>{shownCode(channel.code)}</code>
        {link && (
          <a className="button" href={link} target="_blank" rel="noreferrer">
            {channel.kind === 'telegram' ? 'Open in Telegram' : 'Invite the bot'}
          </a>
        )}
        <button type="button" className="button" onClick={onNewCode} disabled={isBusy}>
          New code
        </button>
      </p>
    </div>
  )
}

function People(props: ConnectedProps) {
  const { channel, isBusy, onPeople } = props
  const { people, messagesPerDay } = channel
  const [isAdding, setIsAdding] = useState(false)
  const id = useId()
  const saveLimit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const limit = Number(new FormData(event.currentTarget).get('limit'))
    if (limit !== messagesPerDay) onPeople({ messagesPerDay: limit })
  }
  return (
    <>
      <h5 id={id}>Who may talk to me</h5>
      <ul className="people" aria-labelledby={id}>
        {people.map((person) => (
          <li key={person.id}>
            <span>{person.name || person.id}</span>
            <button
              type="button"
              className="button"
              disabled={isBusy}
              aria-label={`Remove ${person.name || person.id}`}
              onClick={() => onPeople({ people: people.filter(({ id }) => id !== person.id) })}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      {isAdding ? (
        <Pairing {...props} />
      ) : (
        <button type="button" className="button" onClick={() => setIsAdding(true)}>
          Let somebody in
        </button>
      )}
      <form className="limit" onSubmit={saveLimit}>
        <label className="field">
          <span>Answers a day</span>
          <input name="limit" type="number" min="1" max="10000" required defaultValue={messagesPerDay} />
        </label>
        <button type="submit" className="button" disabled={isBusy}>
          Save
        </button>
      </form>
    </>
  )
}

function Disconnect({ guide, isBusy, onDisconnect }: ConnectedProps) {
  const [isAsked, setIsAsked] = useState(false)
  if (!isAsked)
    return (
      <button type="button" className="button" onClick={() => setIsAsked(true)} disabled={isBusy}>
        Disconnect
      </button>
    )
  return (
    <>
      <button type="button" className="button danger" onClick={onDisconnect} disabled={isBusy}>
        Disconnect {guide.name}
      </button>
      <button type="button" className="button" onClick={() => setIsAsked(false)}>
        Keep it
      </button>
    </>
  )
}
