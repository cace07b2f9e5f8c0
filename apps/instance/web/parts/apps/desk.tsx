/** The apps on the desk, and what they ask their owner. */
import { useState } from 'react'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import type { Me } from '../../../src/protocol.ts'
import { appsHere } from '../../shell/apps-here.ts'
import { openPart } from '../../shell/desk.ts'
import { useStore } from '../../shell/store.ts'
import { openApp } from './acts.ts'
import { AppIcon } from './icon.tsx'
import { AskForAi } from './permissions.tsx'
import './desk.css'

export { watchApps } from './store.ts'

/** More are in the list. */
const SHOWN = 11

export function Tiles({ me }: { me: Me }) {
  const all = (useStore(appsHere) ?? []).filter(({ url }) => url !== null)
  if (all.length === 0) return null
  const shown = all.slice(0, SHOWN)
  return (
    <section className="desk-apps" aria-label={me.viewer ? 'Apps' : 'Your apps'}>
      <ul>
        {shown.map((app) => (
          <li key={app.name}>
            <button type="button" onClick={() => openPart(openApp(app))}>
              <AppIcon app={app} />
              <span>{app.title}</span>
            </button>
          </li>
        ))}
        {all.length > SHOWN && (
          <li>
            <button type="button" onClick={() => openPart({ part: 'apps' })}>
              <span className="app-icon" aria-hidden="true">
                +{all.length - SHOWN}
              </span>
              <span>All apps</span>
            </button>
          </li>
        )}
      </ul>
    </section>
  )
}

export function Questions() {
  const all = useStore(appsHere) ?? []
  const [later, setLater] = useState<readonly string[]>([])
  const asking = all.filter(({ ai }) => ai?.consent === 'asking')
  const first: AppEntry | undefined = asking.find(({ name }) => !later.includes(name))
  // One that asks again, after it had stopped, is heard again.
  const stillLater = later.filter((name) => asking.some((app) => app.name === name))
  if (stillLater.length !== later.length) setLater(stillLater)
  return first ? (
    <AskForAi key={first.name} app={first} onLater={() => setLater([...stillLater, first.name])} />
  ) : null
}
