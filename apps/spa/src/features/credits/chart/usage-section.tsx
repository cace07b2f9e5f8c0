/** What AI cost, by day and model. */
import type { DailyUsage } from '@matrixos/shared'
import { keepPreviousData } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { counted } from '../../../lib/figures.ts'
import { isNothing, sumUsd, usdText } from '../../../lib/money.ts'
import { capitalized } from '../../../lib/texts.ts'
import { trpc } from '../../../lib/trpc.ts'
import { useNow } from '../../../lib/use-now.ts'
import { cn } from '../../../ui/cn.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { QueryError } from '../../admin/query-error.tsx'
import { SettingsSection } from '../../settings/settings-section.tsx'
import { useRefreshed } from '../use-refreshed.ts'
import { type Range, RangeChoice } from './range-choice.tsx'
import { SpendFigure } from './spend-figure.tsx'
import { usageOf } from './usage.ts'

/** `progress`: changes whenever a call begins or is over. */
export function UsageSection({ progress }: { progress: string }) {
  const [days, setDays] = useState<Range>(30)
  const usage = trpc.quota.usage.useQuery({ days }, { placeholderData: keepPreviousData })
  useRefreshed(progress, usage.refetch)
  return (
    <SettingsSection
      title="Usage"
      lead={usage.data ? <Summary rows={usage.data} /> : 'By day and model.'}
      action={<RangeChoice days={days} onDays={setDays} />}
    >
      {usage.data ? (
        <div aria-busy={usage.isPlaceholderData} className={cn(usage.isPlaceholderData && 'opacity-60')}>
          <Figure rows={usage.data} days={days} />
        </div>
      ) : usage.error ? (
        <QueryError title="Your usage could not be loaded" query={usage} />
      ) : (
        <Skeleton className="h-72" />
      )}
    </SettingsSection>
  )
}

function Summary({ rows }: { rows: DailyUsage[] }) {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  const own = sumUsd(rows.map(({ ownCost }) => ownCost))
  return (
    <>
      {capitalized(usdText(sumUsd(rows.map(({ cost }) => cost))))} for {counted(calls, 'call', 'calls')}
      {!isNothing(own) && `, ${usdText(own)} of it on your own keys`}.
    </>
  )
}

function Figure({ rows, days }: { rows: DailyUsage[]; days: Range }) {
  const now = useNow(60_000)
  const usage = useMemo(() => usageOf(rows, days, now), [rows, days, now])
  return (
    <SpendFigure
      usage={usage}
      empty={`Nothing in the last ${days} days. Each day with calls becomes a column of dots here.`}
    />
  )
}
