/** `/settings/profile`: what others see of a person. */
import type { UserView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { buttonStyle } from '../../ui/button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { useSession } from '../auth/session.ts'
import { AboutForm } from './about-form.tsx'
import { AvatarField } from './avatar-field.tsx'
import { BlockedPeople } from './blocked-people.tsx'
import { ProfileForm } from './profile-form.tsx'
import { SettingsSection } from './settings-section.tsx'

export function ProfilePage() {
  const session = useSession()
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Profile</PageTitle>
      <p className="mt-2 max-w-prose text-muted">Who you are to other people here.</p>
      {/* The layout around this page is for signed-in people alone. */}
      {session.status === 'in' && <ProfileForm user={session.user} />}
      {/* One person alone has nobody to show it to. */}
      {session.status === 'in' && !site().isSingle && <AmongPeople user={session.user} />}
    </div>
  )
}

function AmongPeople({ user: { handle } }: { user: UserView }) {
  const own = trpc.social.ownProfile.useQuery()
  return (
    <div className="mt-6 grid gap-6">
      <SettingsSection
        title="Your public profile"
        lead="Everybody can read this, also people without an account."
        action={
          <Link
            to="/@{$handle}"
            params={{ handle }}
            className={buttonStyle({ variant: 'secondary', size: 'sm' })}
          >
            View profile
          </Link>
        }
      >
        {own.error && !own.data && <QueryError title="Your profile could not be loaded" query={own} />}
        {!own.data && !own.error && <Skeleton className="h-40" />}
        {own.data && (
          <>
            <AvatarField handle={handle} avatarUrl={own.data.avatarUrl} />
            <AboutForm profile={own.data} />
          </>
        )}
      </SettingsSection>
      <SettingsSection
        title="Blocked and muted"
        lead="Whoever you block sees nothing of you, nor you of them. Whoever you mute is left out of your feed, and does not notice."
      >
        <BlockedPeople />
      </SettingsSection>
    </div>
  )
}
