/** `DOMAIN/@handle`: somebody's profile for strangers, who have no session here and no cookies. */
import { normalizeHandle, type ProfileView as Profile } from '@matrixos/shared'
import { errorCodeOf, errorText } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Nobody } from './nobody.tsx'
import { ProfileView } from './profile-view.tsx'
import { PublicPosts } from './public-posts.tsx'
import { usePublic } from './use-public.ts'

export function PublicProfile({ handle: typed }: { handle: string }) {
  const handle = normalizeHandle(typed)
  const { state, retry } = usePublic((people) => people.profile(handle), handle)
  const { landingOrigin, appOrigin } = site()
  const error = state && 'error' in state ? state.error : null
  if (errorCodeOf(error) === 'not_found') return <Nobody handle={handle} home={landingOrigin} />
  return (
    <div className="min-h-dvh">
      <header className="border-line border-b bg-surface/70">
        <div className="mx-auto flex h-16 max-w-4xl items-center justify-between gap-4 px-5 sm:px-8">
          <Logo href="/" />
          <ButtonLink size="sm" variant="secondary" href={`${appOrigin}/login`}>
            Sign in
          </ButtonLink>
        </div>
      </header>
      <main id="main" className="mx-auto max-w-4xl px-5 py-10 sm:px-8 sm:py-14">
        {error !== null && (
          <Notice
            tone="error"
            title="This profile could not be loaded"
            action={
              <Button size="sm" variant="secondary" onClick={retry}>
                Try again
              </Button>
            }
          >
            {errorText(error)}
          </Notice>
        )}
        {state === null && <Skeleton className="h-48 rounded-card" />}
        {state && 'data' in state && <Shown profile={state.data} appOrigin={appOrigin} />}
      </main>
    </div>
  )
}

const Shown = ({ profile, appOrigin }: { profile: Profile; appOrigin: string }) => (
  <ProfileView
    profile={profile}
    actions={
      <ButtonLink size="sm" href={`${appOrigin}/@${profile.handle}`}>
        Follow
      </ButtonLink>
    }
    counts={
      <>
        <span>
          <span className="font-medium text-ink">{profile.followers}</span>{' '}
          {profile.followers === 1 ? 'follower' : 'followers'}
        </span>
        <span>
          <span className="font-medium text-ink">{profile.following}</span> following
        </span>
      </>
    }
  >
    <PublicPosts profile={profile} />
  </ProfileView>
)
