/** The dashboard's look at one's AI credits. */
import type { CreditsView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { usdText } from '../../lib/money.ts'
import { capitalized } from '../../lib/texts.ts'
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { CallsInFlight } from './calls-in-flight.tsx'
import { CreditMeter } from './credit-meter.tsx'
import type { useCredits } from './use-credits.ts'
import { heldText, periodText, usedText } from './words.ts'

export const CreditsCard = ({ credits }: { credits: ReturnType<typeof useCredits> }) => (
  <Card aria-labelledby="credits" className="mt-8">
    <div className="flex items-center justify-between gap-4">
      <h2 id="credits" className="font-medium text-muted text-sm">
        AI credits
      </h2>
      <Link
        to="/settings/credits"
        className="-my-3 inline-flex min-h-11 items-center gap-1 text-accent text-sm underline-offset-4 hover:underline"
      >
        See usage <ChevronRight aria-hidden className="size-4" />
      </Link>
    </div>
    {credits.data ? (
      <Known credits={credits.data} />
    ) : credits.error ? (
      <QueryError title="Your credits could not be loaded" query={credits} />
    ) : (
      <Outline />
    )}
  </Card>
)

const Known = ({ credits }: { credits: CreditsView }) => (
  <>
    <p className="mt-3 font-semibold text-xl tracking-tight">{usedText(credits)}</p>
    <div className="mt-5 max-w-md">
      <CreditMeter credits={credits} />
    </div>
    <p className="mt-4 text-muted text-sm leading-6">
      {heldText(credits) ?? `${capitalized(usdText(credits.remaining))} is left. ${periodText(credits)}`}.
    </p>
    <CallsInFlight calls={credits.calls} />
  </>
)

const Outline = () => (
  <div aria-busy="true">
    <Skeleton className="mt-3 h-7 w-80 max-w-full" />
    <Skeleton className="mt-5 h-2 w-full max-w-md" />
    <Skeleton className="mt-4 h-6 w-44" />
  </div>
)
