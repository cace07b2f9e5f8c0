/** `/settings/profile`: the name that others see. */
import { PageTitle } from '../../ui/page-title.tsx'
import { useSession } from '../auth/session.ts'
import { ProfileForm } from './profile-form.tsx'

export function ProfilePage() {
  const session = useSession()
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Profile</PageTitle>
      <p className="mt-2 max-w-prose text-muted">Who you are to the people you share your computer with.</p>
      {/* The layout around this page is for signed-in people alone. */}
      {session.status === 'in' && <ProfileForm user={session.user} />}
    </div>
  )
}
