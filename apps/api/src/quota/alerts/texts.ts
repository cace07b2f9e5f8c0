/** What the platform's mail about credits says. */
import { type AlertThreshold, formatUsd } from '@matrixos/shared'
import type { Mail } from '../../ports/mailer.ts'

export const confirmationMail = (o: { to: string; handle: string; link: string }): Mail => ({
  to: o.to,
  subject: 'Confirm your address for Matrix OS alerts',
  text: `Somebody who is signed in to Matrix OS as ${o.handle} wants alerts about their AI credits and their computer
sent to this address.

If that was you, open this link within 24 hours:

${o.link}

If it was not, do nothing: nothing more will be sent here.
`,
})

/** Cents are enough to read; exact amounts are on the page. */
const cents = (nano: bigint): string => {
  const rounded = (nano + 5_000_000n) / 10_000_000n
  return `$${formatUsd(rounded * 10_000_000n)}`
}

const SUBJECTS: Record<AlertThreshold, string> = {
  80: 'You’ve used 80% of your AI credits',
  100: 'Your AI credits are used up',
}

const MEANINGS: Record<AlertThreshold, string> = {
  80: 'Calls go on as before. When the credits are used up, they are refused until there are more.',
  100: 'AI calls are refused until there are more. You can ask for more, or use a key of your own.',
}

export const alertMail = (o: {
  to: string
  handle: string
  threshold: AlertThreshold
  spent: bigint
  limit: bigint
  page: string
  messageId: string
}): Mail => ({
  ...{ to: o.to, messageId: o.messageId, subject: SUBJECTS[o.threshold] },
  text: `Hello ${o.handle},

you’ve used ${cents(o.spent)} of ${cents(o.limit)} AI credits. ${MEANINGS[o.threshold]}

${o.page}

You get this email because you confirmed this address for alerts. You can remove it on that page.
`,
})
