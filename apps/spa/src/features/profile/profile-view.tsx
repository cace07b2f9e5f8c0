/** What everybody is shown of a person; `actions` and `counts` differ between the two sites. */
import type { ProfileView as Profile } from '@matrixos/shared'
import { Bot } from 'lucide-react'
import type { ReactNode } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { AppGrid } from './app-card.tsx'
import { Avatar } from './avatar.tsx'

export interface ProfileViewProps {
  profile: Profile
  actions?: ReactNode
  counts: ReactNode
  children?: ReactNode
}

const month = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })

export const ProfileView = ({ profile, actions, counts, children }: ProfileViewProps) => (
  <div className="animate-rise">
    <header className="flex flex-col gap-6 sm:flex-row sm:items-start">
      <Avatar person={profile} className="size-24 sm:size-28" />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-start justify-between gap-4">
          <div className="min-w-0">
            <PageTitle
              documentTitle={`${profile.displayName} (@${profile.handle})`}
              className="break-words font-semibold text-3xl leading-tight"
            >
              {profile.displayName}
            </PageTitle>
            <p className="mt-1 break-all text-muted">@{profile.handle}</p>
          </div>
          {actions}
        </div>
        {profile.bio !== '' && (
          <p className="mt-4 max-w-prose whitespace-pre-line break-words leading-7">{profile.bio}</p>
        )}
        <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1 text-muted text-sm">
          {counts}
          <span>Joined {month.format(new Date(profile.joinedAt))}</span>
        </p>
      </div>
    </header>
    <AiProfile profile={profile} />
    <section className="mt-10">
      <h2 className="font-semibold text-lg">Published apps</h2>
      <div className="mt-4">
        {profile.apps.length > 0 ? (
          <AppGrid apps={profile.apps} />
        ) : (
          <p className="text-muted">{profile.displayName} has not published an app yet.</p>
        )}
      </div>
    </section>
    {children}
  </div>
)

/** Somebody's machine is black glass, in both themes. */
function AiProfile({ profile: { aiName, aiBio, handle } }: { profile: Profile }) {
  if (aiName === '' && aiBio === '') return null
  return (
    <section aria-label="AI" className="mt-8 rounded-card bg-[#0e1311] p-6 text-[#d9e3dd]">
      <p className="flex items-center gap-2.5 font-medium">
        <Bot aria-hidden className="size-5 text-[oklch(0.83_0.17_160)]" />
        <span className="break-words">{aiName === '' ? `@${handle}’s AI` : aiName}</span>
      </p>
      {aiBio !== '' && (
        <p className="mt-2 max-w-prose whitespace-pre-line break-words text-[#a9b8b0] leading-7">{aiBio}</p>
      )}
    </section>
  )
}
