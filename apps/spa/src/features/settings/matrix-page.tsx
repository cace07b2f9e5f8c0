/** `/settings/matrix`: one’s account at the homeserver, and the Matrix apps that are signed in to it. */
import type { MatrixStanding } from '@matrixos/shared'
import { useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { AddClient } from './matrix/add-client.tsx'
import { ClientRow } from './matrix/client-row.tsx'

const MAKING_MS = 3_000

export function MatrixPage() {
  const standing = trpc.matrix.standing.useQuery(undefined, {
    refetchInterval: ({ state }) => (state.data?.isOn && state.data.userId === null ? MAKING_MS : false),
  })
  const [adding, setAdding] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const isReady = standing.data?.isOn && standing.data.userId !== null
  return (
    <div className="animate-rise">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <PageTitle className="font-semibold text-2xl">Matrix</PageTitle>
          <p className="mt-2 max-w-prose text-muted leading-7">
            Your messages travel over Matrix, encrypted from end to end. Read them on your computer here, or
            with any Matrix app, such as Element.
          </p>
        </div>
        {isReady && (
          <Button ref={opener} onClick={() => setAdding(true)}>
            Add an app
          </Button>
        )}
      </div>
      <AddClient open={adding} onOpenChange={setAdding} opener={opener} />
      {standing.data ? (
        <Standing standing={standing.data} />
      ) : standing.error ? (
        <Notice
          tone="error"
          className="mt-8"
          title="Your Matrix account could not be loaded"
          action={
            <Button
              size="sm"
              variant="secondary"
              pending={standing.isFetching}
              onClick={() => void standing.refetch()}
            >
              Try again
            </Button>
          }
        >
          {errorText(standing.error)}
        </Notice>
      ) : (
        <Skeleton className="mt-8 h-40" />
      )}
    </div>
  )
}

function Standing({ standing }: { standing: MatrixStanding }) {
  if (!standing.isOn)
    return (
      <Card className="mt-8">
        <h2 className="font-semibold">Not available here</h2>
        <p className="mt-2 max-w-prose text-muted text-sm leading-6">
          This platform has no Matrix homeserver, so people and their AIs cannot message each other.
          Everything else works without one.
        </p>
      </Card>
    )
  const { userId, homeserverUrl, logins } = standing
  if (userId === null)
    return (
      <Notice className="mt-8" title="Your Matrix account is being made">
        This takes a few seconds, or longer if the homeserver is away. Nothing is lost meanwhile.
      </Notice>
    )
  return (
    <>
      <Card className="mt-8">
        <h2 className="font-semibold">Your account</h2>
        <dl className="mt-4 space-y-4">
          <Fact term="User ID" text={userId} />
          <Fact term="Homeserver" text={homeserverUrl} />
        </dl>
      </Card>
      <Card className="mt-6 py-2 sm:py-3">
        {logins.length > 0 ? (
          <ul aria-label="Your Matrix apps" className="divide-y divide-line">
            {logins.map((login) => (
              <ClientRow key={login.deviceId} login={login} />
            ))}
          </ul>
        ) : (
          <div className="py-4">
            <h2 className="font-semibold">No apps yet</h2>
            <p className="mt-2 max-w-prose text-muted text-sm leading-6">
              Add one to read and write on your phone or your laptop, also while your computer here is asleep.
            </p>
          </div>
        )}
      </Card>
    </>
  )
}

const Fact = ({ term, text }: { term: string; text: string }) => (
  <div>
    <dt className="text-muted text-sm">{term}</dt>
    <dd className="flex items-center justify-between gap-x-4">
      <code className="min-w-0 break-all text-sm">{text}</code>
      <CopyButton text={text} label={`Copy ${term.toLowerCase()}`} />
    </dd>
  </div>
)
