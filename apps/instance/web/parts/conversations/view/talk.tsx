/** One conversation: who it is with and how it stands, what was said, and where one writes. */
import { useEffect, useState } from 'react'
import type { ConversationAct, ConversationView } from '../../../../src/conversations/protocol.ts'
import { useStore } from '../../../shell/store.ts'
import { usePageSeen } from '../../../ui/use-page-seen.ts'
import { wordsOf } from '../model/client.ts'
import type { ConversationsSession } from '../model/session.ts'
import type { MessagesState } from '../model/view.ts'
import { effortOf, nameOf, standingOf } from '../model/words.ts'
import { Composer } from './composer.tsx'
import { BackIcon } from './icons.tsx'
import { Thread } from './thread.tsx'
import { Face } from './who.tsx'

export interface TalkProps {
  session: ConversationsSession
  view: MessagesState
  conversation: ConversationView
  isActive: boolean
  onBack: () => void
}

export function Talk({ session, view, conversation, isActive, onBack }: TalkProps) {
  const { id, as, state, unread } = conversation
  const isSeen = usePageSeen()
  const waiting = useStore(session.outbox.waiting).filter((one) => one.conversation === id)
  const [problem, setProblem] = useState<string | null>(null)
  const thread = view.threads[id]
  const isKnown = thread !== undefined
  useEffect(() => {
    if (!isKnown) session.read(id).catch((error: unknown) => setProblem(wordsOf(error)))
  }, [isKnown, id, session])
  useEffect(() => {
    // Whoever only has the window open somewhere has not read it. Tried again with the next message.
    if (isActive && isSeen && unread > 0) session.act(id, 'read').catch(() => undefined)
  }, [isActive, isSeen, unread, id, session])
  const act = (what: ConversationAct) => {
    setProblem(null)
    session.act(id, what).catch((error: unknown) => setProblem(wordsOf(error)))
  }
  const peer = conversation.with
  const effort = effortOf(conversation)
  return (
    <section className="talk" aria-label={`Conversation with ${nameOf(peer)}`}>
      <header>
        <button type="button" className="quiet back-to-list" onClick={onBack} aria-label="All conversations">
          <BackIcon />
        </button>
        <Face peer={peer} />
        <div className="lines">
          <h3>{nameOf(peer)}</h3>
          <p>
            {as === 'ai' ? 'With your AI' : peer.userId}
            {effort !== null && (
              <span className="effort">
                {' · '}
                {effort}
              </span>
            )}
          </p>
        </div>
        {(state === 'open' || state === 'asked') && (
          <button type="button" className="button" onClick={() => act('stop')}>
            Stop
          </button>
        )}
      </header>
      <Thread
        {...{ thread, conversation, waiting }}
        onOlder={(before) => session.read(id, before).catch((error: unknown) => setProblem(wordsOf(error)))}
        onSendAgain={session.sendAgain}
        onTakeBack={session.outbox.remove}
      />
      {problem !== null && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <Standing {...{ conversation, act }} />
      {state !== 'invited' && state !== 'stopped' && (
        <Composer
          {...{ isActive }}
          conversation={id}
          placeholder={as === 'ai' ? `Ask ${nameOf(peer)}, as your AI` : `Message ${nameOf(peer)}`}
          onSay={(words) => session.say(id, words)}
        />
      )}
    </section>
  )
}

interface StandingProps {
  conversation: ConversationView
  act: (what: ConversationAct) => void
}

function Standing({ conversation, act }: StandingProps) {
  const words = standingOf(conversation)
  if (words === null) return null
  const { state, stopped, as } = conversation
  return (
    <div className="standing" role="status" data-state={state}>
      <p>{words}</p>
      {state === 'invited' && (
        <div className="choices">
          <button type="button" className="button primary" onClick={() => act('accept')}>
            {as === 'ai' ? 'Let it answer' : 'Accept'}
          </button>
          <button type="button" className="button" onClick={() => act('decline')}>
            Decline
          </button>
        </div>
      )}
      {state === 'stopped' && stopped !== 'other' && (
        <div className="choices">
          <button type="button" className="button" onClick={() => act('resume')}>
            {stopped === 'owner' ? 'Resume' : 'Let it go on'}
          </button>
        </div>
      )}
    </div>
  )
}
