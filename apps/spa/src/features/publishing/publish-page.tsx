/** `/publish`: makes an app public, says what that means, and gives its link. The computer's menu of an app leads here. */
import { isAppName, type UserView } from '@matrixos/shared'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { site } from '../../lib/hosts.ts'
import { HostName } from '../../ui/host-name.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { SignedIn } from '../auth/signed-in.tsx'
import { StillWaiting } from '../connection/still-waiting.tsx'
import { AppShell } from '../dashboard/app-shell.tsx'
import { AppIcon } from './app-icon.tsx'
import { PublishForm } from './publish-form.tsx'
import { PublishedCard } from './published-card.tsx'
import { PublishingOff } from './publishing-off.tsx'
import { usePublishing } from './use-publishing.ts'
import { emojiOf, titleOf } from './words.ts'

const route = getRouteApi('/publish')

export const PublishPage = () => (
  <SignedIn>
    {(user) => (
      <AppShell user={user} wide>
        <div className="mx-auto max-w-5xl animate-rise">
          <Checked user={user} />
        </div>
      </AppShell>
    )}
  </SignedIn>
)

function Checked({ user }: { user: UserView }) {
  const { app = '', handle } = route.useSearch()
  if (!isAppName(app)) {
    return (
      <Nothing title="Which app?">
        Open the menu of an app on your computer, and choose Publish there. What you have published is in{' '}
        <Link to="/settings/apps" className="text-accent underline underline-offset-4">
          your settings
        </Link>
        .
      </Nothing>
    )
  }
  if (handle && handle !== user.handle) {
    return (
      <Nothing title="This app is somebody else’s">
        It is on {handle}’s computer, and only {handle} can publish it. You are signed in as {user.handle}.
      </Nothing>
    )
  }
  return <Publish user={user} app={app} />
}

const Nothing = ({ title, children }: { title: string; children: ReactNode }) => (
  <>
    <PageTitle className="font-semibold text-3xl">{title}</PageTitle>
    <p className="mt-3 max-w-prose text-muted leading-7">{children}</p>
  </>
)

function Publish({ user, app }: { user: UserView; app: string }) {
  const search = route.useSearch()
  const publishing = usePublishing()
  const { instance, view } = publishing
  const publication = view?.publications.find((each) => each.app === app)
  const proposal = {
    title: (search.title ?? titleOf(app)).slice(0, 80),
    description: (search.description ?? '').slice(0, 200),
  }
  const title = publication?.title ?? proposal.title
  const host = new URL(site().instanceAppOrigin(user.handle, app)).host
  const emoji = emojiOf(search.icon)
  return (
    <>
      <div className="flex items-center gap-4">
        <AppIcon app={app} emoji={emoji} className="size-14 sm:size-16" />
        <div className="min-w-0">
          <PageTitle className="font-semibold text-2xl wrap-anywhere sm:text-3xl">
            {publication?.publishedAt ? `${title} is published` : `Publish ${title}`}
          </PageTitle>
          <p className="mt-1">
            <HostName className="text-muted text-sm">{host}</HostName>
          </p>
        </div>
      </div>
      {view && !view.isAllowed && <PublishingOff user={user} />}
      {instance && view && publication?.publishedAt && (
        <PublishedCard instanceId={instance.id} publication={publication} isAllowed={view.isAllowed} />
      )}
      {instance && view && (
        <PublishForm
          instanceId={instance.id}
          isAllowed={view.isAllowed}
          {...{ app, host, emoji, publication, proposal }}
        />
      )}
      {!view && !publishing.error && <Outline />}
      {!view && publishing.error && (
        <QueryError title="What you publish could not be loaded" query={publishing} />
      )}
    </>
  )
}

const Outline = () => (
  <div aria-busy="true" className="mt-8 grid gap-6 lg:grid-cols-[minmax(0,1fr)_21rem]">
    <StillWaiting>Loading</StillWaiting>
    <Skeleton className="h-96 rounded-card lg:col-start-1" />
    <Skeleton className="h-72 rounded-card" />
  </div>
)
