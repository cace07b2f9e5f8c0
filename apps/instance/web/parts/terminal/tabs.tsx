/** The tabs, by pointer and by keys: arrows go from one to the next, with Shift they take it along. */
import { type KeyboardEvent, useRef, useState } from 'react'
import type { SessionInfo } from '../../../src/terminal/protocol.ts'
import { CloseIcon } from '../../shell/windows/controls.tsx'
import { dotIcon } from '../../ui/dot-matrix.tsx'
import * as hub from './hub.ts'
import { nameOf } from './names.ts'

const NewIcon = dotIcon('..#..', '..#..', '#####', '..#..', '..#..')

export interface TabsProps {
  list: readonly SessionInfo[]
  active: string | null
  show: (session: string) => void
  openNew: () => void
  onClose: (session: string) => void
}

export function Tabs({ list, active, show, openNew, onClose }: TabsProps) {
  const bar = useRef<HTMLDivElement>(null)
  const dragged = useRef<string | null>(null)
  const goTo = (index: number) => {
    const at = (index + list.length) % list.length
    const next = list[at]
    if (next) show(next.id)
    bar.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  /** Whether the key meant something here. */
  const byKey = ({ key, shiftKey }: KeyboardEvent, index: number, id: string): boolean => {
    const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0
    if (step !== 0 && shiftKey) hub.move(id, Math.max(0, Math.min(list.length - 1, index + step)))
    else if (step !== 0) goTo(index + step)
    else if (key === 'Home') goTo(0)
    else if (key === 'End') goTo(list.length - 1)
    else if (key === 'Delete') onClose(id)
    else return false
    return true
  }
  return (
    <div className="tabs">
      <div role="tablist" aria-label="Terminals" ref={bar}>
        {list.map((session, index) => (
          <Tab
            key={session.id}
            session={session}
            isActive={session.id === active}
            show={show}
            onClose={onClose}
            onKey={(event) => byKey(event, index, session.id)}
            onDrag={() => {
              dragged.current = session.id
            }}
            onDrop={() => {
              if (dragged.current !== null) hub.move(dragged.current, index)
              dragged.current = null
            }}
          />
        ))}
      </div>
      <button type="button" className="new" aria-label="New terminal" onClick={() => openNew()}>
        <NewIcon />
      </button>
    </div>
  )
}

interface TabProps extends Pick<TabsProps, 'show' | 'onClose'> {
  session: SessionInfo
  isActive: boolean
  onKey: (event: KeyboardEvent) => boolean
  onDrag: () => void
  onDrop: () => void
}

function Tab({ session, isActive, show, onClose, onKey, onDrag, onDrop }: TabProps) {
  const [isNamed, setIsNamed] = useState(false)
  const name = nameOf(session)
  const isBusy = session.state === 'running' && session.program !== null
  const rename = (given: string | null) => {
    setIsNamed(false)
    if (given !== null && given !== name) hub.rename(session.id, given)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by keys on the tab, and in the menu.
    <div
      className="tab"
      role="presentation"
      data-active={isActive}
      draggable={!isNamed}
      onDragStart={onDrag}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      {isNamed ? (
        <NameField name={name} onDone={rename} />
      ) : (
        <button
          type="button"
          role="tab"
          aria-selected={isActive}
          aria-description="Arrows go to the next tab, with Shift they move it. F2 renames, Delete closes."
          tabIndex={isActive ? 0 : -1}
          title={session.title || session.folder}
          onClick={() => show(session.id)}
          onDoubleClick={() => setIsNamed(true)}
          onKeyDown={(event) => {
            if (event.key === 'F2') setIsNamed(true)
            else if (!onKey(event)) return
            event.preventDefault()
          }}
        >
          <i data-state={isBusy ? 'busy' : session.state} aria-hidden />
          {name}
          {session.state === 'ended' && <span className="hidden-words"> (ended)</span>}
        </button>
      )}
      {/* Within a list of tabs there is nothing else for a screen reader: Delete closes, and the menu does. */}
      <button type="button" className="close" tabIndex={-1} aria-hidden onClick={() => onClose(session.id)}>
        <CloseIcon />
      </button>
    </div>
  )
}

/** `null`: given up. An empty name gives the tab its own back. */
function NameField({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  return (
    <input
      aria-label="Name of this terminal"
      defaultValue={name}
      maxLength={80}
      ref={(field) => field?.select()}
      onBlur={(event) => onDone(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onDone(event.currentTarget.value)
        if (event.key === 'Escape') onDone(null)
        event.stopPropagation()
      }}
    />
  )
}
