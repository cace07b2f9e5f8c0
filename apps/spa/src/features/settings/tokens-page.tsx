/** `/settings/tokens`: what programs may do in this person’s name. */
import type { TokenView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CreateToken } from './tokens/create-token.tsx'
import { TokenRow } from './tokens/token-row.tsx'

export function TokensPage() {
  const tokens = trpc.tokens.list.useQuery()
  const [creating, setCreating] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <div className="animate-rise">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 flex-1 basis-72">
          <PageTitle className="font-semibold text-2xl">API tokens</PageTitle>
          <p className="mt-2 max-w-prose text-muted leading-7">
            Programs and devices use a token to act in your name, within the permissions you choose. Revoke a
            token and it stops working at once.
          </p>
          <p className="mt-2 max-w-prose text-muted text-sm leading-6">
            A command-line tool shows you a code? It needs no token from here:{' '}
            <Link to="/device" className="font-medium text-accent underline-offset-4 hover:underline">
              connect it
            </Link>{' '}
            and it gets its own.
          </p>
        </div>
        <Button ref={opener} onClick={() => setCreating(true)}>
          Create token
        </Button>
      </div>
      <CreateToken open={creating} onOpenChange={setCreating} opener={opener} />
      {tokens.data ? (
        <TokenList tokens={tokens.data} />
      ) : tokens.error ? (
        <Notice
          tone="error"
          className="mt-8"
          title="Your tokens could not be loaded"
          action={
            <Button
              size="sm"
              variant="secondary"
              pending={tokens.isFetching}
              onClick={() => void tokens.refetch()}
            >
              Try again
            </Button>
          }
        >
          {errorText(tokens.error)}
        </Notice>
      ) : (
        <Skeleton className="mt-8 h-40" />
      )}
    </div>
  )
}

const TokenList = ({ tokens }: { tokens: TokenView[] }) =>
  tokens.length > 0 ? (
    <Card className="mt-8 py-2 sm:py-3">
      <ul aria-label="Your tokens" className="divide-y divide-line">
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </ul>
    </Card>
  ) : (
    <Card className="mt-8">
      <h2 className="font-semibold">No tokens yet</h2>
      <p className="mt-2 max-w-prose text-muted text-sm leading-6">
        Create one to call the API from a script of your own.
      </p>
    </Card>
  )
