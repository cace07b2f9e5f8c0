/** What was spent, by day and model. */
import type { SpendView } from '@matrixos/shared'
import { useMemo } from 'react'
import { useNow } from '../../../lib/use-now.ts'
import { SpendFigure } from '../../credits/chart/spend-figure.tsx'
import { usageOf } from '../../credits/chart/usage.ts'
import { Section } from '../person/section.tsx'

export function ByDay({ spend, days }: { spend: SpendView; days: number }) {
  const now = useNow(60_000)
  const usage = useMemo(() => usageOf(spend.byDay, days, now), [spend.byDay, days, now])
  return (
    <Section title="By day and model">
      <div className="mt-5">
        <SpendFigure usage={usage} empty={`Nobody has spent anything in the last ${days} days.`} />
      </div>
    </Section>
  )
}
