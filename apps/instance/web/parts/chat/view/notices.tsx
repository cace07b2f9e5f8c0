/** What a person has to know, above where they write: the connection, what did not work, and the way back. */
import type { LinkState } from '../../../shell/connection/link.ts'
import type { ChatSession } from '../model/session.ts'
import type { ChatView } from '../model/view.ts'

const LINK: Partial<Record<LinkState, string>> = {
  retrying: 'I lost the connection. I’m trying again; what you write is kept.',
  resting: 'I’m resting, since nobody was here. Write to me, and I’m back.',
  asleep: 'I’m asleep. Write to me to wake me.',
  'signed-out': 'You are signed out. Reload the page to come back.',
}

export function Notices({ view, session }: { view: ChatView; session: ChatSession }) {
  const { link, noAi, notice, current } = view
  const lost = LINK[link]
  return (
    <div className="notices" role="status">
      {noAi !== null && <p className="strip">{noAi}</p>}
      {lost !== undefined && (
        <p className="strip" data-tone={link === 'retrying' ? 'bad' : undefined}>
          {lost}
        </p>
      )}
      {notice && (
        <div className="strip" data-tone={notice.isBad ? 'bad' : undefined}>
          <p>{notice.words}</p>
          {notice.restore !== undefined && (
            <button
              type="button"
              onClick={() => {
                if (session.ask({ type: 'restore', trash: notice.restore ?? '' })) session.dismiss()
              }}
            >
              Undo
            </button>
          )}
          {notice.undo !== undefined && (
            <button
              type="button"
              onClick={() => {
                const tool = notice.undo ?? ''
                session.dismiss()
                session.ask({ type: 'undo', conversation: current, tool, anyway: true })
              }}
            >
              Undo anyway
            </button>
          )}
          <button type="button" onClick={session.dismiss}>
            OK
          </button>
        </div>
      )}
    </div>
  )
}
