/** What its plan gives a person to spend on AI: the only place that knows. Administrators' exceptions go before it. */
import type { Plan } from '@matrixos/shared'
import type { Allowance } from '../../ports/ledger.ts'
import type { AiSettings } from '../settings.ts'

type AllowanceFigures = Pick<
  AiSettings,
  'AI_CREDITS_USD' | 'AI_CREDITS_PERIOD' | 'AI_CALLS_AT_ONCE' | 'AI_CALLS_PER_MINUTE'
>

export type AllowanceOf = (plan: Plan) => Allowance

/** As the environment says, whatever the plan: plans differ in what they give of the machine alone. */
export function createAllowances(figures: AllowanceFigures): AllowanceOf {
  const allowance: Allowance = {
    credits: figures.AI_CREDITS_USD,
    period: figures.AI_CREDITS_PERIOD,
    callsAtOnce: figures.AI_CALLS_AT_ONCE,
    callsPerMinute: figures.AI_CALLS_PER_MINUTE,
  }
  return () => allowance
}
