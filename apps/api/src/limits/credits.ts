/** What people do about their AI credits. */
import { type AttemptLimits, memoryLimit } from './attempt-limit.ts'
import type { LimitValues } from './defaults.ts'

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

export const creditLimits = (env: LimitValues, shared: AttemptLimits) => ({
  requests: shared.of({
    name: 'credit-request',
    attempts: env.CREDIT_REQUESTS_PER_ACCOUNT_PER_DAY,
    seconds: DAY_S,
    message: 'You have asked for more credits too often today.',
  }),
  keyChecks: shared.of({
    name: 'own-key',
    attempts: env.OWN_KEY_CHECKS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many keys in the last hour.',
  }),
  mails: {
    perAccount: shared.of({
      name: 'confirmation-account',
      attempts: env.CONFIRMATION_MAILS_PER_ACCOUNT_PER_DAY,
      seconds: DAY_S,
      message: 'Too many emails today.',
    }),
    perAddress: shared.of({
      name: 'confirmation-address',
      attempts: env.CONFIRMATION_MAILS_PER_ADDRESS_PER_DAY,
      seconds: DAY_S,
      message: 'Too many emails to this address today.',
    }),
  },
  downloads: memoryLimit({
    name: 'credits-csv',
    attempts: env.CSV_DOWNLOADS_PER_SESSION_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many downloads in the last minute.',
  }),
})
