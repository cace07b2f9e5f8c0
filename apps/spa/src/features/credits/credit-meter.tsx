/** Credits as dots: what is spent is lit, what is set aside breathes. */
import type { CreditsView } from '@matrixos/shared'
import { shareOf } from '../../lib/money.ts'
import { DotMeter } from '../../ui/dot-meter.tsx'
import { heldText, usedText } from './words.ts'

export function CreditMeter({ credits }: { credits: CreditsView }) {
  const held = heldText(credits)
  const { spent, limit } = credits
  const value = shareOf(spent, limit)
  return (
    <DotMeter
      value={value}
      reserved={Math.min(1 - value, shareOf(credits.held, limit))}
      label="Credits used"
      text={held === null ? usedText(credits) : `${usedText(credits)}. ${held}`}
    />
  )
}
