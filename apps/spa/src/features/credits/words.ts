/** Credits in words: what is used, when they renew, and who answers. */
import type { AiProvider, CreditsView } from '@matrixos/shared'
import { counted } from '../../lib/figures.ts'
import { isNothing, usdText } from '../../lib/money.ts'
import { capitalized } from '../../lib/texts.ts'
import { longDate } from '../../lib/time.ts'

export const PROVIDERS: Record<AiProvider, { name: string; keyHint: string }> = {
  anthropic: { name: 'Anthropic', keyHint: 'Begins with sk-ant-' },
  openai: { name: 'OpenAI', keyHint: 'Begins with sk-' },
}

/** `You’ve used $2.30 of $5.00 free credits.` */
export function usedText({ spent, limit, period }: CreditsView): string {
  if (isNothing(limit)) return 'You have no free credits'
  const when = period === 'month' ? ' this month' : ''
  return `You’ve used ${usdText(spent)} of ${usdText(limit)} free credits${when}`
}

/** `null`: nothing is set aside. */
export function heldText({ held, calls }: CreditsView): string | null {
  if (isNothing(held)) return null
  if (calls.length === 0) return `${capitalized(usdText(held))} is set aside`
  return `${capitalized(usdText(held))} is set aside for ${counted(calls.length, 'call', 'calls')} in flight`
}

export const periodText = ({ period, periodEndsAt }: CreditsView): string =>
  period === 'month' && periodEndsAt ? `They renew on ${longDate(periodEndsAt)}` : 'They don’t expire'
