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

export interface PayerWords {
  /** Who pays where no key of one's own does. */
  payer: string
  keysLead: string
  withoutKey: string
  addingKey: string
  removingKey: string
  tokenLead: string
}

const PLATFORM: PayerWords = {
  payer: 'Your credits',
  keysLead:
    'With a key of yours, the provider bills you: those calls cost none of your credits and have no limit here. It is stored encrypted and never shown again.',
  withoutKey: 'No key: calls use your credits',
  addingKey:
    'Calls to this provider go on your key from then on, and cost none of your credits. The provider is asked once whether it works, which is free.',
  removingKey:
    'It is deleted here at once, and calls use your credits again. The key itself goes on working elsewhere: revoke it with the provider if it should not.',
  tokenLead:
    'Programs on your computer call AI with a token that works for your credits alone. Replace it if it got out.',
}

const SINGLE: PayerWords = {
  payer: 'Nobody: a demonstration',
  keysLead:
    'With a key of yours, the provider answers and bills you. It is stored encrypted and never shown again.',
  withoutKey: 'No key: the demonstration model answers',
  addingKey:
    'Calls to this provider go on your key from then on. The provider is asked once whether it works, which is free.',
  removingKey:
    'It is deleted here at once, and the demonstration model answers again. The key itself goes on working elsewhere: revoke it with the provider if it should not.',
  tokenLead:
    'Programs on your computer call AI with a token that works here alone. Replace it if it got out.',
}

/** Who pays for calls: on a platform, and where one person alone has no credits. */
export const payerWords = ({ isSingle }: { isSingle: boolean }): PayerWords => (isSingle ? SINGLE : PLATFORM)

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
