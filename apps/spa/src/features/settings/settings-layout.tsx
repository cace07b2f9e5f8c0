/** `/settings`: everything about one's own account. */
import { site } from '../../lib/hosts.ts'
import { SignedIn } from '../auth/signed-in.tsx'
import { SectionLayout, type SectionPage } from '../dashboard/section-layout.tsx'

/** One person alone has nobody to share with, and no credits. */
const pages = ({ isSingle }: { isSingle: boolean }): SectionPage[] => [
  { to: '/settings/profile', label: 'Profile' },
  { to: '/settings/security', label: 'Security' },
  ...(isSingle ? [] : [{ to: '/settings/sharing', label: 'Sharing' } as const]),
  { to: '/settings/apps', label: 'Published apps' },
  ...(isSingle ? [] : [{ to: '/settings/posting', label: 'Posting' } as const]),
  { to: '/settings/credits', label: isSingle ? 'AI' : 'AI credits' },
  { to: '/settings/tokens', label: 'API tokens' },
  { to: '/settings/webhooks', label: 'Webhooks' },
  ...(isSingle ? [] : [{ to: '/settings/matrix', label: 'Matrix' } as const]),
  { to: '/settings/move', label: 'Move' },
  { to: '/settings/timeline', label: 'Timeline' },
]

export const SettingsLayout = () => (
  <SignedIn>{(user) => <SectionLayout user={user} label="Settings" pages={pages(site())} />}</SignedIn>
)
