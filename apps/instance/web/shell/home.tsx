/** What lies beneath the windows: a greeting, the time, and what there is to open. */
import type { Me } from '../../src/protocol.ts'
import { DotClock, useMinute } from '../ui/dot-clock.tsx'
import { openPart } from './desk.ts'
import { offered } from './parts.ts'

export function Home({ me }: { me: Me }) {
  return (
    <div className="home">
      <section className="hero" aria-labelledby="greeting">
        <div>
          <p className="kicker">{greetingAt(useMinute())}</p>
          <h1 id="greeting">{me.viewer ? `${me.handle}’s computer` : `Welcome, ${me.handle}`}</h1>
        </div>
        <DotClock />
      </section>
      <ul className="launcher">
        {offered(me).map(({ id, title, about, Icon }) => (
          <li key={id}>
            <button type="button" aria-label={`Open ${title}`} onClick={() => openPart({ part: id })}>
              <Icon />
              <b>{title}</b>
              <span>{about}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

export function greetingAt(now: Date): string {
  const hour = now.getHours()
  const part = hour >= 5 && hour < 12 ? 'morning' : hour >= 12 && hour < 18 ? 'afternoon' : 'evening'
  return `Good ${part}`
}
