/** What was said, the newest last, and what waits to be sent. */
import { useLayoutEffect, useRef } from 'react'
import type { ConversationMessage, ConversationView } from '../../../../src/conversations/protocol.ts'
import type { Outgoing } from '../model/outbox.ts'
import type { ThreadView } from '../model/view.ts'
import { dayOf, nameOf, timeOf } from '../model/words.ts'

export interface ThreadProps {
  /** Absent: it was not asked for yet. */
  thread: ThreadView | undefined
  conversation: ConversationView
  waiting: readonly Outgoing[]
  onOlder: (before: string) => void
  onSendAgain: (id: string) => void
  onTakeBack: (id: string) => void
}

const NEAR_END = 80

export function Thread({ thread, conversation, waiting, onOlder, onSendAgain, onTakeBack }: ThreadProps) {
  const messages = thread?.messages ?? []
  const isKnown = new Set(messages.map(({ id }) => id))
  const unsent = waiting.filter(({ id }) => !isKnown.has(id))
  const scroll = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const newest = `${messages.at(-1)?.id} ${unsent.at(-1)?.id}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each that is new, and to those who are at the end alone.
  useLayoutEffect(() => {
    const it = scroll.current
    if (it && (isAtEnd.current || unsent.length > 0)) it.scrollTop = it.scrollHeight
  }, [newest])
  const [first] = messages
  return (
    <div
      className="said"
      ref={scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it.
      tabIndex={0}
      role="log"
      aria-label="Messages"
      onScroll={({ currentTarget: it }) => {
        isAtEnd.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_END
      }}
    >
      {thread?.hasMore && first && (
        <button type="button" className="button older" onClick={() => onOlder(first.id)}>
          Show earlier messages
        </button>
      )}
      {thread && messages.length === 0 && unsent.length === 0 && (
        <p className="none">
          {conversation.state === 'invited'
            ? 'You can read what they wrote once you accept.'
            : 'Nothing was said yet.'}
        </p>
      )}
      {messages.map((message, index) => {
        const day = dayOf(message.at, new Date())
        const before = messages[index - 1]
        const isNewDay = !before || dayOf(before.at, new Date()) !== day
        return (
          <div key={message.id}>
            {isNewDay && <p className="day">{day}</p>}
            <Bubble {...{ message, conversation }} />
          </div>
        )
      })}
      {unsent.map((message) => (
        <Unsent
          key={message.id}
          {...{ message }}
          onAgain={() => onSendAgain(message.id)}
          onTakeBack={() => onTakeBack(message.id)}
        />
      ))}
    </div>
  )
}

const STATES = { sending: 'Sending …', failed: 'Not sent', sent: '', received: '' } as const

function Bubble({ message, conversation }: { message: ConversationMessage; conversation: ConversationView }) {
  const { isMine, words, isEdited, at, state, kind } = message
  const name = isMine ? (conversation.as === 'ai' ? 'Your AI' : 'You') : nameOf(conversation.with)
  return (
    <article
      className="bubble"
      data-is-mine={isMine}
      data-state={state}
      aria-label={`${name}, ${timeOf(at)}`}
    >
      <p className="text" data-unreadable={words === null || undefined}>
        {words ?? 'This message cannot be read here. Its key may still arrive.'}
      </p>
      <p className="about">
        {kind === 'question' && 'Question · '}
        {kind === 'answer' && 'Answer · '}
        <time dateTime={at}>{timeOf(at)}</time>
        {isEdited && ' · Edited'}
        {STATES[state] !== '' && ` · ${STATES[state]}`}
      </p>
    </article>
  )
}

interface UnsentProps {
  message: Outgoing
  onAgain: () => void
  onTakeBack: () => void
}

const Unsent = ({ message, onAgain, onTakeBack }: UnsentProps) => (
  <article
    className="bubble"
    data-is-mine="true"
    data-state={message.failure === undefined ? 'sending' : 'failed'}
  >
    <p className="text">{message.words}</p>
    <p className="about" role="status">
      {message.failure ?? 'Sending …'}
    </p>
    {message.failure !== undefined && (
      <div className="choices">
        <button type="button" className="button" onClick={onAgain}>
          Send again
        </button>
        <button type="button" className="button" onClick={onTakeBack}>
          Take back
        </button>
      </div>
    )}
  </article>
)
