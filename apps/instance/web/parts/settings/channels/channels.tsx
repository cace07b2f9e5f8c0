/** Channels: ways to write to this computer from elsewhere, also while it sleeps. */
import { useState } from 'react'
import { CHANNELS_API, type ChannelsView, type ChannelView } from '../../../../src/channels/protocol.ts'
import { ask } from '../ask.ts'
import { useLooking, useView, type Viewed } from '../use-view.ts'
import { ConnectForm } from './connect-form.tsx'
import { Connected } from './connected.tsx'
import { GUIDES, type Guide } from './guides.ts'
import { Problems } from './problems.tsx'

interface ChannelsProps {
  isActive: boolean
  onEdit: () => void
}

export function Channels({ isActive, onEdit }: ChannelsProps) {
  const viewed = useView<ChannelsView>(CHANNELS_API, isActive)
  const { view, failure, read } = viewed
  const isWaiting = view?.channels.some(({ people }) => people.length === 0) ?? false
  // While somebody is about to write the code, the page sees that they did.
  useLooking(isActive && isWaiting, read)
  return (
    <section aria-labelledby="settings-channels">
      <h3 id="settings-channels">Channels</h3>
      <p className="words">Write to me from elsewhere. A message wakes me, and my answer goes back.</p>
      {failure && <p className="problem">{failure}</p>}
      {view?.platformTrouble && <p className="problem">{view.platformTrouble}</p>}
      {view && <Problems problems={view.problems} onEdit={onEdit} />}
      {view && !view.hasPlatform && (
        <p className="words">There is no platform around this computer that messages could come through.</p>
      )}
      <ul className="services" aria-busy={view === null && !failure}>
        {GUIDES.map((guide) => (
          <Service key={guide.kind} guide={guide} viewed={viewed} />
        ))}
      </ul>
    </section>
  )
}

function statusOf({ trouble, isSetUp, left, people }: ChannelView): {
  words: string
  tone: 'good' | 'bad' | 'open'
} {
  if (!isSetUp) return { words: 'Not working', tone: 'bad' }
  if (trouble) return { words: 'Trouble', tone: 'bad' }
  if (people.length === 0) return { words: left === null ? 'Waiting for you' : 'Almost there', tone: 'open' }
  return { words: 'Connected', tone: 'good' }
}

function Service({ guide, viewed }: { guide: Guide; viewed: Viewed<ChannelsView> }) {
  const { kind, name, about } = guide
  const { view, isBusy, change } = viewed
  const [isOpen, setIsOpen] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const channel = view?.channels.find((one) => one.kind === kind)
  const path = `${CHANNELS_API}/${kind}`
  const act = async (work: () => Promise<ChannelsView>) => setProblem((await change(work))?.message ?? null)
  const status = channel && statusOf(channel)
  const connect = async (tokens: Record<string, string>) => {
    const wrong = await change(() => ask('PUT', path, tokens))
    if (!wrong) setIsOpen(false)
    return wrong
  }
  return (
    <li className="service" aria-labelledby={`settings-${kind}`}>
      <div className="head">
        <h4 id={`settings-${kind}`}>{name}</h4>
        {channel?.name && <span className="bot">{channel.name}</span>}
        {status && (
          <span className="status" data-tone={status.tone}>
            {status.words}
          </span>
        )}
        {view?.hasPlatform && !channel && !isOpen && (
          <button
            type="button"
            className="button"
            onClick={() => setIsOpen(true)}
            aria-label={`Connect ${name}`}
          >
            Connect
          </button>
        )}
      </div>
      {!channel && <p className="words">{about}</p>}
      {!channel && isOpen && (
        <ConnectForm guide={guide} isBusy={isBusy} onConnect={connect} onCancel={() => setIsOpen(false)} />
      )}
      {channel && (
        <Connected
          {...{ guide, channel, isBusy }}
          onPeople={(people) => act(() => ask('PUT', `${path}/people`, people))}
          onNewCode={() => act(() => ask('POST', `${path}/code`))}
          onCheck={() => act(() => ask('POST', `${path}/check`))}
          onDisconnect={() => act(() => ask('DELETE', path))}
        />
      )}
      <div role="status">{problem && <p className="problem">{problem}</p>}</div>
    </li>
  )
}
