/** The dock: every part a tap away, a dot under those that are open. */
import { useEffect, useRef } from 'react'
import type { Me } from '../../src/protocol.ts'
import { dotIcon } from '../ui/dot-matrix.tsx'
import { useMedia } from '../ui/use-media.ts'
import { focusWindow, minimiseWindow, openPart, windows } from './desk.ts'
import { badges } from './news/badges.ts'
import { palette } from './palette/open.ts'
import type { Part } from './part.ts'
import { docked } from './parts.ts'
import { PHONE } from './phone.ts'
import { useStore } from './store.ts'
import { frontOf, type Windows } from './windows/model.ts'

export function Dock({ me }: { me: Me }) {
  const all = useStore(windows)
  const counts = useStore(badges)
  const front = frontOf(all)
  const dock = useRef<HTMLElement>(null)
  const current = front?.part
  const isPhone = useMedia(PHONE)
  useEffect(() => {
    // There, not all of them fit.
    if (current === undefined || !isPhone) return
    dock.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current, isPhone])
  return (
    <nav className="dock" aria-label="Parts" ref={dock}>
      {docked(me, all).map((part) => (
        <button
          key={part.id}
          type="button"
          aria-label={counts[part.id] ? `${part.title}, ${counts[part.id]} new` : part.title}
          data-open={all.some((win) => win.part === part.id)}
          aria-current={front?.part === part.id}
          onClick={() => press(part, all)}
        >
          <part.Icon />
          <span aria-hidden="true">{part.title}</span>
          {counts[part.id] ? (
            // Drawn by its style: the name of the button says it in words.
            <b className="waits" data-count={Math.min(counts[part.id] ?? 0, MOST_SHOWN)} />
          ) : null}
        </button>
      ))}
      <button
        type="button"
        className="find-here"
        aria-label="Find or do anything"
        onClick={() => palette.set(true)}
      >
        <FindIcon />
        <span aria-hidden="true">Find</span>
      </button>
    </nav>
  )
}

const MOST_SHOWN = 99

const FindIcon = dotIcon('.###...', '#...#..', '#...#..', '#...#..', '.###...', '....#..', '.....o.')

/** Opens; brings to the front; goes through several; puts the only one away. */
function press({ id }: Part, all: Windows): void {
  const own = all.filter((win) => win.part === id)
  const front = frontOf(all)
  const [first] = own
  const last = own.at(-1)
  if (!first || !last) openPart({ part: id })
  else if (last !== front) focusWindow(last.id)
  else if (first !== last) focusWindow(first.id)
  else minimiseWindow(last.id)
}
