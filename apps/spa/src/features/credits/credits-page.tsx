/** `/settings/credits`: what AI has cost, what is left, and how to get more. */
import type { CreditsView } from '@matrixos/shared'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { site } from '../../lib/hosts.ts'
import { Button } from '../../ui/button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { AiTokenSection } from './ai-token-section.tsx'
import { AlertEmailSection } from './alert-email-section.tsx'
import { BalanceSection } from './balance-section.tsx'
import { CallsSection } from './calls/calls-section.tsx'
import { UsageSection } from './chart/usage-section.tsx'
import { CreditAlert } from './credit-alert.tsx'
import { OwnKeysSection } from './keys/own-keys-section.tsx'
import { RequestMore } from './request-more.tsx'
import { UpstreamNotice } from './upstream-notice.tsx'
import { useCredits } from './use-credits.ts'

const route = getRouteApi('/settings/credits')

export function CreditsPage() {
  const credits = useCredits()
  return (
    <div className="animate-rise">
      {credits.data ? (
        <Known credits={credits.data} />
      ) : (
        <>
          <Title />
          {credits.error ? (
            <QueryError title="Your credits could not be loaded" query={credits} />
          ) : (
            <div aria-busy="true" className="mt-8 space-y-6">
              <Skeleton className="h-56 rounded-card" />
              <Skeleton className="h-96 rounded-card" />
            </div>
          )}
        </>
      )}
    </div>
  )
}

const Title = () => (site().isSingle ? <SingleTitle /> : <PlatformTitle />)

const SingleTitle = () => (
  <>
    <PageTitle className="font-semibold text-2xl">AI</PageTitle>
    <p className="mt-2 max-w-prose text-muted leading-7">
      There are no free credits here: your computer uses AI with a key of your own, and its provider bills
      you. Until you add one, a demonstration model answers, which follows a script and bills nobody.
    </p>
  </>
)

const PlatformTitle = () => (
  <>
    <PageTitle className="font-semibold text-2xl">AI credits</PageTitle>
    <p className="mt-2 max-w-prose text-muted leading-7">
      Your computer can use AI without a key of its own. You pay with credits, exactly for what each call
      used.
    </p>
  </>
)

function Known({ credits }: { credits: CreditsView }) {
  const { open } = route.useSearch()
  const navigate = useNavigate()
  const opener = useRef<HTMLButtonElement>(null)
  const show = (dialog: 'request' | 'key' | undefined) =>
    void navigate({ to: '/settings/credits', search: { open: dialog }, replace: true, resetScroll: false })
  const hasOpenRequest = credits.request?.state === 'open'
  const { isSingle } = site()
  // First where nothing else brings real answers.
  const ownKeys = (
    <OwnKeysSection
      keys={credits.ownKeys}
      isAdding={open === 'key'}
      onAdding={(isAdding) => show(isAdding ? 'key' : undefined)}
    />
  )
  // What own keys pay spends no credits, but is in flight before it is over.
  const progress = `${credits.spent} ${credits.calls.map(({ id }) => id).join()}`
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <Title />
        </div>
        {!hasOpenRequest && !isSingle && (
          <Button ref={opener} onClick={() => show('request')}>
            Request more
          </Button>
        )}
      </div>
      {!isSingle && <CreditAlert credits={credits} />}
      {!isSingle && <UpstreamNotice credits={credits} />}
      <div className="mt-8 space-y-6">
        {!isSingle && <BalanceSection credits={credits} />}
        {isSingle && ownKeys}
        <UsageSection progress={progress} />
        <CallsSection progress={progress} />
        {!isSingle && ownKeys}
        {credits.canMail && <AlertEmailSection address={credits.alertAddress} />}
        <AiTokenSection />
      </div>
      {open === 'request' && !hasOpenRequest && (
        <RequestMore opener={opener} onClose={() => show(undefined)} />
      )}
    </>
  )
}
