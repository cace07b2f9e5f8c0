/** The chat: conversations beside, what was said in the middle, and below it where one writes. */
import { type DragEvent, useCallback, useEffect, useMemo, useState } from 'react'
import type { Image } from '../../../src/chat/log/entry.ts'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { nameOf } from '../files/model/path.ts'
import { partFor } from '../preview/kinds.ts'
import { createChatSession, newId } from './model/session.ts'
import { isNewTarget, readTarget } from './model/target.ts'
import type { ChatActs } from './view/acts.ts'
import { Announcer } from './view/announcer.tsx'
import { Composer } from './view/composer.tsx'
import { Header } from './view/header.tsx'
import { List } from './view/list.tsx'
import { Notices } from './view/notices.tsx'
import { Thread } from './view/thread.tsx'
import { Welcome } from './view/welcome.tsx'
import './styles/index.css'

export default function Chat({ me, target, isActive, setTitle, setTarget, open }: PartProps) {
  const [session] = useState(() => createChatSession(readTarget(target)))
  const view = useStore(session.view)
  const waiting = useStore(session.outbox.waiting)
  const [isListed, setIsListed] = useState(false)
  const [given, setGiven] = useState<{ text: string; images: readonly Image[] } | null>(null)
  const [dropped, setDropped] = useState<readonly File[]>([])
  useEffect(() => session.start(), [session])
  const { current, conversation, running, isLoaded } = view

  const look = useCallback(
    (id: string) => {
      session.look(id)
      setIsListed(false)
      setGiven(null)
    },
    [session],
  )
  // A command of the palette, or a reload of the page.
  useEffect(() => {
    if (isNewTarget(target)) look(newId())
    else look(readTarget(target) ?? session.view.get().current)
  }, [target, look, session])
  useEffect(() => setTarget({ conversation: current }), [current, setTarget])
  const title = conversation.title
  useEffect(() => setTitle(title === '' ? 'Chat' : title), [title, setTitle])

  const acts = useMemo<ChatActs>(
    () => ({
      say: ({ text, images, parent }) =>
        session.say({ text, images, ...(parent !== undefined && { parent }) }),
      stop: () => void session.ask({ type: 'stop', conversation: session.view.get().current }),
      retry: (message) => session.retry(message),
      undo: (tool) =>
        void session.ask({ type: 'undo', conversation: session.view.get().current, tool, anyway: false }),
      decide: (tool, decision) =>
        void session.ask({ type: 'decide', conversation: session.view.get().current, tool, decision }),
      choose: session.choose,
      openApp: (name) => open({ part: 'app', target: { name } }),
      openFile: (path) => open({ part: partFor(nameOf(path)), target: { path } }),
    }),
    [session, open],
  )
  const mine = waiting.filter((one) => one.conversation === current)
  const isEmpty = isLoaded && conversation.said.size === 0 && mine.length === 0
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    setDropped([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop pictures on; there is a button as well.
    <div
      className="chat"
      data-listed={isListed}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <List
        view={view}
        onLook={look}
        onNew={() => look(newId())}
        onRename={(id, name) => session.ask({ type: 'rename', conversation: id, title: name })}
        onDelete={(id) => {
          if (session.ask({ type: 'delete', conversation: id }) && id === current) look(newId())
        }}
        onSearch={(query) => session.ask({ type: 'search', query })}
        onClose={() => setIsListed(false)}
      />
      <section className="talk" aria-label={title || 'New conversation'} inert={isListed}>
        <Header view={view} session={session} onList={() => setIsListed(true)} onNew={() => look(newId())} />
        {isEmpty ? (
          <Welcome me={me} noCommands={view.noCommands} onPick={(text) => acts.say({ text, images: [] })} />
        ) : (
          <Thread
            {...{ view, acts }}
            waiting={mine}
            onSendAgain={session.sendAgain}
            onTakeBack={(message) => {
              session.outbox.remove(message.id)
              setGiven({ text: message.text, images: message.images })
            }}
          />
        )}
        <Notices view={view} session={session} />
        <Composer
          key={current}
          {...{ isActive, given, dropped }}
          conversation={current}
          isRunning={running !== null}
          isOffered={view.noAi === null}
          onSay={acts.say}
          onStop={acts.stop}
        />
        <Announcer view={view} />
      </section>
    </div>
  )
}
