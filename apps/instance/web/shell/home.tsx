/** What lies beneath the windows: a greeting, the time, a first thing to do, and what there is to open. */
import type { Me } from '../../src/protocol.ts'
import { DotClock, useMinute } from '../ui/dot-clock.tsx'
import { openPart, windows } from './desk.ts'
import { deskApps } from './desk-apps.ts'
import { hasStarted } from './keep.ts'
import type { Part } from './part.ts'
import { aboutOf, offered } from './parts.ts'
import { useStore } from './store.ts'
import { frontOf } from './windows/model.ts'

export function Home({ me }: { me: Me }) {
  const isCovered = frontOf(useStore(windows)) !== undefined
  const parts = offered(me)
  const [first, ...rest] = parts
  const apps = useStore(deskApps)
  const isNew = !useStore(hasStarted) && !me.viewer
  return (
    <div className="home" data-covered={isCovered}>
      <section className="hero" aria-labelledby="greeting">
        <div>
          <p className="kicker">{greetingAt(useMinute())}</p>
          <h1 id="greeting">{me.viewer ? `${me.handle}’s computer` : `Welcome, ${me.handle}`}</h1>
        </div>
        <DotClock />
      </section>
      <div className="choices" inert={isCovered}>
        {isNew && (
          <p className="intro">
            This computer is yours. It keeps what you put in it, and is here when you are back.
          </p>
        )}
        <ul className="launcher">
          {first && (
            <Tile part={first} about={aboutOf(first, me)} isMain words={isNew ? 'Start here. ' : ''} />
          )}
          {rest.map((part) => (
            <Tile key={part.id} part={part} about={aboutOf(part, me)} />
          ))}
        </ul>
        {apps && <apps.Tiles me={me} />}
      </div>
    </div>
  )
}

interface TileProps {
  part: Part
  about: string | undefined
  isMain?: boolean
  words?: string
}

const Tile = ({ part: { id, title, Icon }, about, isMain = false, words = '' }: TileProps) => (
  <li className={isMain ? 'main' : undefined}>
    <button type="button" onClick={() => openPart({ part: id })}>
      <Icon />
      <span className="spoken">Open </span>
      <b>{title}</b>
      <span>
        {words}
        {about}
      </span>
    </button>
  </li>
)

export function greetingAt(now: Date): string {
  const hour = now.getHours()
  const part = hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening'
  return `Good ${part}`
}
