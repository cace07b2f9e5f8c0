/** What a signed-in person sees at `/`: the first start of their computer, then the dashboard. */
import type { InstanceView, UserView } from '@matrixos/shared'
import { useState } from 'react'
import { drafts } from '../../lib/drafts.ts'
import { errorCodeOf, errorText } from '../../lib/errors.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { AppShell } from './app-shell.tsx'
import { Dashboard } from './dashboard.tsx'
import { DashboardSkeleton } from './dashboard-skeleton.tsx'
import { FirstStart } from './first-start.tsx'
import { useInstance } from './use-instance.ts'

export function Workspace({ user }: { user: UserView }) {
  const { mine, live, reconnecting } = useInstance()
  const [skipped, setSkipped] = useState(false)
  const [firstStart, setFirstStart] = useState(false)
  const instance = mine.data
  // Somebody who comes back on another device meets the same progress. One that was over before this page opened is
  // shown to whoever signed up here; any later start is a wake, also one that fails.
  const isAwaited = instance?.observed === 'running' && drafts.awaitsFirstStart(user.handle)
  if ((instance?.isFirstStart || isAwaited) && !firstStart) setFirstStart(true)

  if (instance && firstStart && !skipped && instance.desired === 'awake') {
    const skip = () => {
      drafts.sawFirstStart()
      setSkipped(true)
    }
    return <FirstStart instance={instance} live={live} reconnecting={reconnecting} onSkip={skip} />
  }
  return (
    <AppShell user={user}>
      <Content user={user} instance={instance} live={live} reconnecting={reconnecting} mine={mine} />
    </AppShell>
  )
}

interface ContentProps {
  user: UserView
  instance: InstanceView | undefined
  live: boolean
  reconnecting: boolean
  mine: { error: unknown; refetch: () => unknown; isFetching: boolean }
}

function Content({ user, instance, live, reconnecting, mine }: ContentProps) {
  if (instance) {
    return <Dashboard user={user} instance={instance} live={live} reconnecting={reconnecting} />
  }
  if (!mine.error) return <DashboardSkeleton />
  const gone = errorCodeOf(mine.error) === 'not_found'
  return (
    <Notice
      tone={gone ? 'info' : 'error'}
      title={gone ? 'There is no computer here' : 'Your computer could not be loaded'}
      action={
        <Button size="sm" variant="secondary" pending={mine.isFetching} onClick={() => void mine.refetch()}>
          Try again
        </Button>
      }
    >
      {gone ? 'It may have been deleted on another device.' : errorText(mine.error)}
    </Notice>
  )
}
