/** Settings of this computer's page: how it looks, what it may tell, and what it is. */
import type { PartProps } from '../../shell/part.ts'
import { About } from './about.tsx'
import { LookSettings } from './look.tsx'
import { Notifications } from './notifications.tsx'
import './settings.css'

export default function Settings({ me }: PartProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and keys have to reach it.
    <section className="settings" aria-label="All settings" tabIndex={0}>
      <LookSettings />
      <Notifications hasTerminal={me.terminal === 'pty'} />
      <About />
    </section>
  )
}
