/** `app.DOMAIN/@handle`: somebody's profile, for whoever is signed in; strangers see the same without what they could do. */
import { normalizeHandle, type UserView } from '@matrixos/shared'
import { Link, useParams } from '@tanstack/react-router'
import { errorCodeOf } from '../../lib/errors.ts'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { MessagePage } from '../../ui/message-page.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { FeedList } from '../feed/feed-list.tsx'
import { Nobody } from './nobody.tsx'
import { Blocked, ProfileActions } from './profile-actions.tsx'
import { ProfileView } from './profile-view.tsx'

export function ProfilePage() {
  const { handle: typed = '' } = useParams({ strict: false })
  const handle = normalizeHandle(typed)
  return <SignedIn>{(user) => <Content user={user} handle={handle} />}</SignedIn>
}

function Content({ user, handle }: { user: UserView; handle: string }) {
  const profile = trpc.social.profile.useQuery({ handle })
  const relation = trpc.social.relation.useQuery({ handle })
  if (relation.data?.blocks)
    return (
      <MessagePage title={`You blocked @${handle}`} actions={<Blocked handle={handle} />}>
        Neither of you sees anything of the other.
      </MessagePage>
    )
  if (errorCodeOf(profile.error) === 'not_found') return <Nobody handle={handle} home={site().appOrigin} />
  return (
    <AppShell user={user}>
      {profile.data ? (
        <ProfileView
          profile={profile.data}
          actions={relation.data && <ProfileActions handle={handle} relation={relation.data} />}
          counts={
            <>
              <Count handle={handle} which="followers" of={profile.data.followers} />
              <Count handle={handle} which="following" of={profile.data.following} />
              {relation.data?.followsBack && <span>Follows you</span>}
            </>
          }
        >
          <section aria-labelledby="posts" className="mt-10 max-w-2xl">
            <h2 id="posts" className="mb-4 font-semibold text-lg">
              Posts
            </h2>
            <FeedList
              scope="person"
              handle={handle}
              empty={<p className="text-muted">{profile.data.displayName} has not posted yet.</p>}
            />
          </section>
          <p className="mt-10 text-sm">
            <ButtonLink variant="secondary" size="sm" href={profile.data.url}>
              Public profile
            </ButtonLink>
          </p>
        </ProfileView>
      ) : profile.error ? (
        <QueryError title="This profile could not be loaded" query={profile} />
      ) : (
        <Skeleton className="h-48 rounded-card" />
      )}
    </AppShell>
  )
}

const Count = ({ handle, which, of }: { handle: string; which: 'followers' | 'following'; of: number }) => (
  <Link to={`/@{$handle}/${which}`} params={{ handle }} className="-my-3 py-3 hover:text-ink">
    <span className="font-medium text-ink">{of}</span>{' '}
    {which === 'followers' && of === 1 ? 'follower' : which}
  </Link>
)
