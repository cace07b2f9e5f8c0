/** The dashboard. Looking at it never counts as using the computer. */
import type { InstanceView, UserView } from '@matrixos/shared'
import { PageTitle } from '../../ui/page-title.tsx'
import { DangerZone } from './danger-zone.tsx'
import { InstanceCard } from './instance-card.tsx'
import { SecondFactorNudge } from './second-factor-nudge.tsx'

export interface DashboardProps {
  user: UserView
  instance: InstanceView
  live: boolean
  reconnecting: boolean
}

export const Dashboard = ({ user, instance, live, reconnecting }: DashboardProps) => (
  <div className="animate-rise">
    <PageTitle documentTitle="Dashboard" className="font-semibold text-3xl">
      {`Hello, ${user.displayName}`}
    </PageTitle>
    <p className="mt-2 text-muted">This is your computer on the web.</p>
    <SecondFactorNudge user={user} />
    <InstanceCard instance={instance} live={live} reconnecting={reconnecting} />
    <DangerZone instance={instance} />
  </div>
)
