/** `/admin`: for administrators. Everybody else meets the 404 page. */
import { site } from '../../lib/hosts.ts'
import { SignedIn } from '../auth/signed-in.tsx'
import { NotFound } from '../connection/not-found.tsx'
import { SectionLayout, type SectionPage } from '../dashboard/section-layout.tsx'

const PAGES: SectionPage[] = [
  { to: '/admin', label: 'Overview', exact: true },
  { to: '/admin/people', label: 'People' },
  { to: '/admin/invites', label: 'Invites' },
  { to: '/admin/audit', label: 'Audit log' },
  { to: '/admin/platform', label: 'Platform' },
]

export const AdminLayout = () => (
  <SignedIn>
    {(user) =>
      user.role === 'admin' ? (
        <SectionLayout user={user} label="Administration" pages={PAGES} />
      ) : (
        <NotFound home={site().appOrigin} />
      )
    }
  </SignedIn>
)
