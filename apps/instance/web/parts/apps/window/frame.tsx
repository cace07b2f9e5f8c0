/**
 * The frame of an app. It begins with a small page of the computer's at the app's own host, which says that it was
 * reached, and goes on to the app: a frame alone never tells whether a browser got anywhere. Nothing else is heard.
 */
import { useEffect, useRef, useState } from 'react'
import type { AppEntry } from '../../../../src/apps/protocol.ts'
import { launchPath } from '../client.ts'
import { AppIcon } from '../icon.tsx'

export interface AppFrameProps {
  app: AppEntry
  origin: string
  onAgain: () => void
}

const START = '/.app/start'
const REACHED_WITHIN_MS = 12_000

/** What no prompt comes with, and no other origin gets: a camera, say, would be asked for in the computer's own name. */
const ALLOWED =
  'autoplay; fullscreen; gamepad; clipboard-write; screen-wake-lock; accelerometer; gyroscope; web-share'

/** Its own origin keeps it from the computer's; and it cannot lead the whole page somewhere else. */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads allow-pointer-lock allow-orientation-lock allow-presentation'

export function AppFrame({ app, origin, onAgain }: AppFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [state, setState] = useState<'waiting' | 'reached' | 'late'>('waiting')
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (isReached(event, frame.current, origin)) setState('reached')
    }
    const timer = setTimeout(() => setState((so) => (so === 'waiting' ? 'late' : so)), REACHED_WITHIN_MS)
    window.addEventListener('message', hear)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('message', hear)
    }
  }, [origin])
  useEffect(() => {
    // What is pressed in a frame is not heard here, but that it has the focus now is.
    const raise = () => {
      if (document.activeElement === frame.current)
        frame.current?.dispatchEvent(new FocusEvent('focusin', { bubbles: true }))
    }
    window.addEventListener('blur', raise)
    return () => window.removeEventListener('blur', raise)
  }, [])
  return (
    <>
      <iframe
        ref={frame}
        title={app.title}
        src={launchPath(app.name, START)}
        allow={ALLOWED}
        sandbox={SANDBOX}
        data-ready={state !== 'waiting'}
      />
      {state === 'waiting' && (
        <div className="app-waiting" role="status">
          <AppIcon app={app} />
          Opening {app.title}
        </div>
      )}
      {state === 'late' && <Late app={app} host={new URL(origin).host} onAgain={onAgain} />}
    </>
  )
}

/** From this very frame, and while it is where the app is: nobody else is listened to. */
export const isReached = (
  { source, origin, data }: Pick<MessageEvent, 'source' | 'origin' | 'data'>,
  frame: Pick<HTMLIFrameElement, 'contentWindow'> | null,
  expected: string,
): boolean =>
  source !== null && source === frame?.contentWindow && origin === expected && data?.type === 'mos-app-here'

const Late = ({ app, host, onAgain }: { app: AppEntry; host: string; onAgain: () => void }) => (
  <div className="app-late" role="alert">
    <p>
      <b>{app.title}</b> is at <b>{host}</b>, and did not open from there. If no app opens, this platform’s
      domain needs a wildcard entry in the DNS (<code>*.{host.split('.').slice(1).join('.')}</code>); its
      operator can add one.
    </p>
    <div className="actions">
      <button type="button" className="button" onClick={onAgain}>
        Try again
      </button>
      <a className="button" href={launchPath(app.name)} target="_blank" rel="noopener">
        Open in a tab
      </a>
    </div>
  </div>
)
