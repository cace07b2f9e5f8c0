/** Where this person is signed in, and the way to end it. */
import { useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { SessionRow } from './session-row.tsx'
import { SettingsSection } from './settings-section.tsx'
import { SignOutOthers } from './sign-out-others.tsx'

export const SessionsSection = () => (
  <SettingsSection
    title="Sessions"
    lead="Browsers and devices that are signed in to your account. Sign out any that you don’t recognize."
  >
    <Sessions />
  </SettingsSection>
)

function Sessions() {
  const sessions = trpc.auth.sessions.list.useQuery()
  const [asking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  if (sessions.data) {
    return (
      <>
        <ul className="-my-4 divide-y divide-line">
          {sessions.data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
        {sessions.data.length > 1 ? (
          <Button ref={opener} variant="danger-quiet" className="mt-8" onClick={() => setAsking(true)}>
            Sign out all others…
          </Button>
        ) : (
          <p className="mt-6 text-muted text-sm">You are not signed in anywhere else.</p>
        )}
        <SignOutOthers open={asking} onOpenChange={setAsking} opener={opener} />
      </>
    )
  }
  if (!sessions.error) {
    return (
      <div className="space-y-3">
        <Skeleton className="h-16" />
        <Skeleton className="h-16" />
      </div>
    )
  }
  return (
    <Notice
      tone="error"
      title="Your sessions could not be loaded"
      action={
        <Button
          size="sm"
          variant="secondary"
          pending={sessions.isFetching}
          onClick={() => void sessions.refetch()}
        >
          Try again
        </Button>
      }
    >
      {errorText(sessions.error)}
    </Notice>
  )
}
