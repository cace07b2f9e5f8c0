/** What was said and answered, along the branch that is seen, and what still waits to be sent. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { childrenOf, type Item, idOf, pathOf } from '../../../../src/chat/log/tree.ts'
import type { Outgoing } from '../model/outbox.ts'
import type { ChatView } from '../model/view.ts'
import type { ChatActs } from './acts.ts'
import { Answer } from './answer.tsx'
import { DownIcon } from './icons.tsx'
import { Message, Pictures } from './message.tsx'

export interface ThreadProps {
  view: ChatView
  waiting: readonly Outgoing[]
  acts: ChatActs
  onSendAgain: (id: string) => void
  onTakeBack: (message: Outgoing) => void
}

export function Thread({ view, waiting, acts, onSendAgain, onTakeBack }: ThreadProps) {
  const { conversation, running, chosen } = view
  const path = pathOf(conversation, (parent) => chosen[String(parent)])
  const scroll = useFollowing(view, waiting.at(-1)?.id)
  const isBusy = running !== null
  const last = path.at(-1)
  return (
    <div className="thread" ref={scroll.element} onScroll={scroll.onScroll}>
      <div className="column">
        {path.map((item, index) => (
          <Shown
            key={idOf(item)}
            {...{ item, view, acts, isBusy }}
            isLast={index === path.length - 1}
            parent={index === 0 ? null : idOf(path[index - 1] ?? item)}
          />
        ))}
        {last?.kind === 'said' && !isBusy && waiting.length === 0 && (
          <div className="ending" data-bad="true">
            <p>I have not answered this yet.</p>
            <div className="choices">
              <button type="button" onClick={() => acts.retry(last.said.id)}>
                Answer now
              </button>
            </div>
          </div>
        )}
        {waiting.map((message) => (
          <Waiting
            key={message.id}
            {...{ message, isBusy }}
            isConnected={view.link === 'open'}
            onAgain={() => onSendAgain(message.id)}
            onTakeBack={() => onTakeBack(message)}
          />
        ))}
      </div>
      {!scroll.isAtEnd && (
        <button type="button" className="to-end" onClick={scroll.toEnd} aria-label="To the newest">
          <DownIcon />
        </button>
      )}
    </div>
  )
}

interface ShownProps {
  item: Item
  parent: string | null
  isLast: boolean
  isBusy: boolean
  view: ChatView
  acts: ChatActs
}

function Shown({ item, parent, isLast, isBusy, view, acts }: ShownProps) {
  const { conversation, running } = view
  const same = childrenOf(conversation, parent).filter(({ kind }) => kind === item.kind)
  const branches = {
    branches: same.map(idOf),
    shown: idOf(item),
    onChoose: (id: string) => acts.choose(parent, id),
  }
  if (item.kind === 'said') {
    return <Message {...branches} {...{ isBusy, acts }} said={item.said} conversation={conversation.id} />
  }
  return (
    <Answer
      {...branches}
      {...{ conversation, isLast, isBusy, acts }}
      turn={item.turn}
      running={running?.turn === item.turn.id ? running : null}
    />
  )
}

interface WaitingProps {
  message: Outgoing
  isBusy: boolean
  isConnected: boolean
  onAgain: () => void
  onTakeBack: () => void
}

const Waiting = ({ message, isBusy, isConnected, onAgain, onTakeBack }: WaitingProps) => (
  <article className="said waiting" aria-label="You, not sent yet">
    {message.images.length > 0 && <Pictures conversation={message.conversation} images={message.images} />}
    {message.text !== '' && <p className="text">{message.text}</p>}
    <p className="why" role="status">
      {message.failure ??
        (!isConnected
          ? 'I’ll get this as soon as we’re connected again.'
          : isBusy
            ? 'I’ll take this when I’m done.'
            : 'Sending …')}
    </p>
    <div className="choices">
      {message.failure !== undefined && (
        <button type="button" onClick={onAgain}>
          Send again
        </button>
      )}
      <button type="button" onClick={onTakeBack}>
        Take back
      </button>
    </div>
  </article>
)

const NEAR_END = 80

/** Keeps to the end while one is there, and leaves whoever reads further up alone, until they say something: `sent`. */
function useFollowing(view: ChatView, sent: string | undefined) {
  const element = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const isFollowing = useRef(true)
  const toEnd = () => {
    const it = element.current
    if (!it) return
    isFollowing.current = true
    it.scrollTop = it.scrollHeight
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation is seen from its end.
  useLayoutEffect(toEnd, [view.current, view.isLoaded])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each that is sent.
  useLayoutEffect(() => {
    if (sent !== undefined) toEnd()
  }, [sent])
  useEffect(() => {
    const it = element.current
    const column = it?.firstElementChild
    if (!it || !column) return
    // Also when a picture or a language comes later.
    const observer = new ResizeObserver(() => {
      if (isFollowing.current) it.scrollTop = it.scrollHeight
    })
    observer.observe(column)
    observer.observe(it)
    return () => observer.disconnect()
  }, [])
  const onScroll = () => {
    const it = element.current
    if (!it) return
    isFollowing.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_END
    setIsAtEnd(isFollowing.current)
  }
  return { element, isAtEnd, onScroll, toEnd }
}
