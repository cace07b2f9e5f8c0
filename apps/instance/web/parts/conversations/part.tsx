/** Messages: conversations beside, and one of them, a new one or the settings in the middle. */
import { useCallback, useEffect, useState } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { useKeptFocus } from '../../ui/use-kept-focus.ts'
import type { ConversationsSession } from './model/session.ts'
import { conversations } from './model/shared.ts'
import { isNewTarget, readTarget } from './model/target.ts'
import { Absent } from './view/absent.tsx'
import { List } from './view/list.tsx'
import { Settings } from './view/settings.tsx'
import { Start } from './view/start.tsx'
import { Talk } from './view/talk.tsx'
import './styles/index.css'

/** `list`: where there is room for one thing alone; beside, it says what to do. */
type Place = { at: 'list' } | { at: 'new' } | { at: 'settings' } | { at: 'talk'; id: string }

/** What takes the focus when a button settled what it was for: what is in the middle, or else the list. */
const NEAR = ['.middle h3', '.people']

const placeOf = (target: unknown): Place => {
  if (isNewTarget(target)) return { at: 'new' }
  const id = readTarget(target)
  return id === null ? { at: 'list' } : { at: 'talk', id }
}

export default function Messages(props: PartProps) {
  return <MessagesOf {...props} session={conversations} />
}

export function MessagesOf(props: PartProps & { session: ConversationsSession }) {
  const { session, target, isActive, setTarget } = props
  const view = useStore(session.view)
  const [place, setPlace] = useState(() => placeOf(target))
  const [area, setArea] = useState<HTMLElement | null>(null)
  useKeptFocus(area, NEAR)
  useEffect(() => session.start(), [session])
  useEffect(() => {
    // A command of the palette.
    if (isNewTarget(target)) setPlace({ at: 'new' })
  }, [target])
  const go = useCallback(
    (next: Place) => {
      setPlace(next)
      setTarget(next.at === 'talk' ? { conversation: next.id } : {})
    },
    [setTarget],
  )
  const current = place.at === 'talk' ? view.list.find(({ id }) => id === place.id) : undefined
  const toList = () => go({ at: 'list' })

  if (view.state !== 'ready') return <Absent view={view} />
  return (
    <div ref={setArea} className="messages" data-at={place.at}>
      <List
        {...{ view }}
        current={place.at === 'talk' ? place.id : null}
        onPick={(id) => go({ at: 'talk', id })}
        onNew={() => go({ at: 'new' })}
        onSettings={() => go({ at: 'settings' })}
      />
      <div className="middle">
        {view.trouble !== null && (
          <p className="trouble" role="status">
            {view.trouble}
          </p>
        )}
        {place.at === 'new' && (
          <Start {...{ session }} onStarted={(id) => go({ at: 'talk', id })} onCancel={toList} />
        )}
        {place.at === 'settings' && <Settings {...{ session }} onBack={toList} />}
        {current && (
          <Talk key={current.id} {...{ session, view, isActive }} conversation={current} onBack={toList} />
        )}
        {(place.at === 'list' || (place.at === 'talk' && !current)) && (
          <div className="nothing">
            <p>
              {view.list.length > 0
                ? 'Pick a conversation, or write to somebody new.'
                : 'Write to anyone here by their handle, or have your AI ask theirs.'}
            </p>
            <button type="button" className="button primary" onClick={() => go({ at: 'new' })}>
              Write a message
            </button>
          </div>
        )}
      </div>
    </div>
  )
}
