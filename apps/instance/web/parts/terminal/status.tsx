/** A strip below the glass, there only when there is something to say. */
import type { SessionInfo } from '../../../src/terminal/protocol.ts'
import type { LinkState } from '../../shell/connection/link.ts'
import { useStore } from '../../shell/store.ts'
import * as hub from './hub.ts'

const LINK: Record<Exclude<LinkState, 'open'>, string> = {
  connecting: 'Connecting …',
  retrying: 'I lost the connection. I’m trying again; what runs here goes on.',
  resting: 'I’m resting, since nobody was here. What runs here goes on. Press a key to come back.',
  asleep: 'I’m asleep. Press a key to wake me.',
  'signed-out': 'You are signed out. Reload the page to come back.',
}

export interface StatusProps {
  session: SessionInfo | undefined
  /** Characters that a program has just put on the clipboard. */
  copied: number
  onClose: (session: string) => void
  /** A button was pressed that is gone now, and with it the focus. */
  onDone: () => void
}

export function Status({ session, copied, onClose, onDone }: StatusProps) {
  const link = useStore(hub.linkState)
  const trouble = useStore(hub.trouble)
  const notice = useStore(hub.notice)
  // What somebody could not do says more than what happened, which is mostly why.
  const news = trouble ?? notice
  const waiting = useStore(hub.waiting)
  const words = [
    ...(link === 'open' ? [] : [LINK[link]]),
    ...(waiting === 0
      ? []
      : [
          `${waiting === 1 ? 'One character that you typed waits' : `${waiting} characters that you typed wait`} until I’m back.`,
        ]),
    ...(news === null ? [] : [news]),
    ...(copied === 0 ? [] : [`The program put ${copied} characters on your clipboard.`]),
    ...(session?.state === 'ended' && (trouble === null || session.exitCode !== null)
      ? [endOf(session.exitCode)]
      : []),
  ]
  const isBad = news !== null || link === 'retrying'
  const read = () => {
    hub.trouble.set(null)
    hub.notice.set(null)
    onDone()
  }
  const restart = (id: string) => {
    hub.restart(id)
    onDone()
  }
  return (
    <div className="status" role="status" data-tone={isBad ? 'bad' : 'plain'}>
      {words.length > 0 && (
        <>
          <p>{words.join(' ')}</p>
          {session?.state === 'ended' && link === 'open' && (
            <span className="actions">
              <button type="button" onClick={() => restart(session.id)}>
                New shell here
              </button>
              <button type="button" onClick={() => onClose(session.id)}>
                Close
              </button>
            </span>
          )}
          {news !== null && (
            <button type="button" onClick={read}>
              OK
            </button>
          )}
        </>
      )}
    </div>
  )
}

function endOf(code: number | null): string {
  // It did not start.
  if (code === null) return 'There is no shell in this terminal.'
  if (code === 0) return 'The shell has ended.'
  if (code === 137) return 'The shell was killed (code 137), perhaps because I ran out of memory.'
  return `The shell has ended with code ${code}.`
}
