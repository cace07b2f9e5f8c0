/** Settings of this computer: how it looks, what it may tell, how it is written to, what it does by itself, and what it is. */
import type { PartProps } from '../../shell/part.ts'
import { About } from './about.tsx'
import { Channels } from './channels/channels.tsx'
import { LookSettings } from './look.tsx'
import { Notifications } from './notifications.tsx'
import { Schedules } from './schedules/schedules.tsx'
import './forms.css'
import './sections.css'
import './settings.css'

export default function Settings({ me, isActive, open }: PartProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it.
    <section className="settings" aria-label="All settings" tabIndex={0}>
      <LookSettings />
      <Notifications hasTerminal={me.terminal === 'pty'} />
      <Channels
        isActive={isActive}
        onEdit={() => open({ part: 'editor', target: { path: 'config.json' } })}
      />
      <Schedules isActive={isActive} />
      <About />
    </section>
  )
}
