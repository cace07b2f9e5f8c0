/** `/admin`: for administrators. Everybody else meets the 404 page. */
import { site } from '../../lib/hosts.ts'
import { SignedIn } from '../auth/signed-in.tsx'
import { NotFound } from '../connection/not-found.tsx'
import { SectionLayout, type SectionPage } from '../dashboard/section-layout.tsx'

/** By subject, in the order of the navigation. A page is a line here and a route in `routes/sections.tsx`. */
const PAGES: SectionPage[] = [
  { to: '/admin', label: 'Overview', exact: true },
  // People, and what they may do.
  { to: '/admin/people', label: 'People' },
  { to: '/admin/invites', label: 'Invites' },
  // What people have: plans, prices and credits.
  { to: '/admin/plans', label: 'Plans' },
  { to: '/admin/credits', label: 'AI credits' },
  { to: '/admin/prices', label: 'AI prices' },
  // What happened.
  { to: '/admin/reports', label: 'Reports' },
  { to: '/admin/audit', label: 'Audit log' },
  // The platform itself.
  { to: '/admin/upgrades', label: 'Upgrades' },
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
