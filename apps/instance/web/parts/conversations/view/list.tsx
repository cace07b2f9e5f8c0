/** The conversations, the latest first: who, the last words, and what waits. */
import type { ConversationView } from '../../../../src/conversations/protocol.ts'
import { type MessagesState, waitingIn } from '../model/view.ts'
import { nameOf, shortTime } from '../model/words.ts'
import { PlusIcon, SlidersIcon } from './icons.tsx'
import { Face } from './who.tsx'

export interface ListProps {
  view: MessagesState
  current: string | null
  onPick: (id: string) => void
  onNew: () => void
  onSettings: () => void
}

export const List = ({ view, current, onPick, onNew, onSettings }: ListProps) => (
  <nav className="people" aria-label="Conversations">
    <div className="top">
      <button type="button" className="button" onClick={onNew}>
        <PlusIcon /> New
      </button>
      <button type="button" className="quiet" onClick={onSettings} aria-label="Who may write, and limits">
        <SlidersIcon />
      </button>
    </div>
    {view.list.length === 0 ? (
      <p className="none">
        No conversations yet.
        <span className="alone"> Write to anyone here by their handle, or have your AI ask theirs.</span>
      </p>
    ) : (
      <ul>
        {view.list.map((one) => (
          <li key={one.id}>
            <Row {...{ one }} isCurrent={one.id === current} onPick={() => onPick(one.id)} />
          </li>
        ))}
      </ul>
    )}
  </nav>
)

function Row({ one, isCurrent, onPick }: { one: ConversationView; isCurrent: boolean; onPick: () => void }) {
  const waiting = waitingIn(one)
  return (
    <button type="button" className="pick" aria-current={isCurrent ? 'true' : undefined} onClick={onPick}>
      <Face peer={one.with} />
      <span className="lines">
        <span className="first">
          <b>{nameOf(one.with)}</b>
          {one.last && <time dateTime={one.last.at}>{shortTime(one.last.at, new Date())}</time>}
        </span>
        <span className="second">
          <span className="words">{wordsIn(one)}</span>
          {waiting > 0 && (
            <span className="count">
              {waiting}
              <span className="spoken"> unread</span>
            </span>
          )}
        </span>
        {one.as === 'ai' && <span className="with-ai">With your AI</span>}
      </span>
    </button>
  )
}

function wordsIn({ state, last, as }: ConversationView): string {
  if (state === 'invited') return 'Waits for your answer'
  if (state === 'stopped') return 'Stopped'
  if (!last) return 'No messages yet'
  const words = last.words ?? 'Cannot be read here'
  if (!last.isMine) return words
  return `${as === 'ai' ? 'Your AI' : 'You'}: ${words}`
}
