/** `/settings`: everything about one's own account. */
import { SignedIn } from '../auth/signed-in.tsx'
import { SectionLayout, type SectionPage } from '../dashboard/section-layout.tsx'

const PAGES: SectionPage[] = [
  { to: '/settings/profile', label: 'Profile' },
  { to: '/settings/security', label: 'Security' },
  { to: '/settings/sharing', label: 'Sharing' },
  { to: '/settings/credits', label: 'AI credits' },
  { to: '/settings/tokens', label: 'API tokens' },
]

export const SettingsLayout = () => (
  <SignedIn>{(user) => <SectionLayout user={user} label="Settings" pages={PAGES} />}</SignedIn>
)
