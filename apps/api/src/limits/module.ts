/** Puts together the limits that count attempts: which are shared by all api processes, and what they say. */
import { PUZZLE_LIFE_S } from '@matrixos/shared'
import type { Database } from '../db/database.ts'
import { type AttemptLimits, createAttemptLimits, memoryLimit } from './attempt-limit.ts'
import { creditLimits } from './credits.ts'
import type { LimitValues } from './defaults.ts'
import { instanceLimits } from './instances.ts'
import { shownLimit } from './shown-limit.ts'
import { feedLimits, socialLimits } from './social.ts'
import { visitorLimits } from './visitors.ts'

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

export type Limits = ReturnType<typeof createLimits>

export function createLimits(env: LimitValues, database: Pick<Database, 'db'>) {
  const shared = createAttemptLimits(database)
  return {
    ...signInLimits(env, shared),
    ...signUpLimits(env, shared),
    ...programLimits(env, shared),
    ...visitLimits(env, shared),
    visitors: visitorLimits(env, shared),
    credits: creditLimits(env, shared),
    channels: channelLimits(env),
    feed: feedLimits(env, shared),
    social: socialLimits(env, shared),
    ...instanceLimits(env),
    webhooks: shared.of({
      name: 'webhook',
      attempts: env.WEBHOOK_DELIVERIES_ASKED_PER_ACCOUNT_PER_HOUR,
      seconds: HOUR_S,
      message: 'You have asked for too many deliveries in the last hour.',
    }),
    apiRequests: shownLimit({
      name: 'api',
      attempts: env.API_REQUESTS_PER_NETWORK_PER_MINUTE,
      seconds: MINUTE_S,
      message: 'Too many requests from your network.',
    }),
    deleteExpired: shared.deleteExpired,
  }
}

/** What is tried to sign in. */
const signInLimits = (env: LimitValues, shared: AttemptLimits) => ({
  auth: shared.of({
    name: 'auth',
    attempts: env.AUTH_ATTEMPTS_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many attempts from your network.',
  }),
  passwordAttempts: shared.of({
    name: 'password',
    attempts: env.PASSWORD_ATTEMPTS_PER_QUARTER_HOUR,
    seconds: HOUR_S / 4,
    message: 'Too many attempts with this handle.',
  }),
  recoveryAttempts: shared.of({
    name: 'recovery',
    attempts: env.RECOVERY_ATTEMPTS_PER_QUARTER_HOUR,
    seconds: HOUR_S / 4,
    message: 'Too many attempts with this handle.',
  }),
  strangersPasswords: shared.of({
    name: 'strangers-password',
    attempts: env.STRANGERS_PASSWORD_ATTEMPTS_PER_HANDLE_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many attempts with this handle.',
  }),
  stepUpGuesses: shared.of({
    name: 'step-up',
    attempts: env.STEP_UP_GUESSES_PER_QUARTER_HOUR,
    seconds: HOUR_S / 4,
    message: 'Too many incorrect passwords and codes.',
  }),
})

/** What is done to sign up. */
const signUpLimits = (env: LimitValues, shared: AttemptLimits) => ({
  handleLookups: shared.of({
    name: 'handle-lookup',
    attempts: env.HANDLE_LOOKUPS_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many handle look-ups from your network.',
  }),
  signUps: {
    perNetwork: shared.of({
      name: 'sign-up',
      attempts: env.SIGN_UPS_PER_NETWORK_PER_HOUR,
      seconds: HOUR_S,
      message: 'Too many accounts were created from your network in the last hour.',
      ignoresRefused: true,
    }),
    inSum: shared.of({
      name: 'sign-up-sum',
      attempts: env.SIGN_UPS_PER_HOUR,
      seconds: HOUR_S,
      message: 'Too many accounts were created here in the last hour.',
      ignoresRefused: true,
    }),
  },
  inviteGuesses: shared.of({
    name: 'invite',
    attempts: env.INVITE_GUESSES_PER_NETWORK_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many wrong codes from your network.',
  }),
  unprovedSignUps: shared.of({
    name: 'unproved-sign-up',
    attempts: env.UNPROVED_SIGN_UPS_PER_TEN_MINUTES,
    seconds: HOUR_S / 6,
    message: 'Many people are signing up right now.',
  }),
  puzzleSolutions: shared.of({
    name: 'puzzle-solution',
    attempts: 1,
    seconds: 2 * PUZZLE_LIFE_S,
    message: 'This solution was used before.',
  }),
})

/** What programs and devices try, and links from the server. */
const programLimits = (env: LimitValues, shared: AttemptLimits) => ({
  adminLinks: shared.of({
    name: 'admin-link',
    attempts: env.ADMIN_LINKS_PER_NETWORK_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many attempts from your network.',
  }),
  wrongTokens: shared.of({
    name: 'wrong-token',
    attempts: env.WRONG_TOKENS_PER_NETWORK_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many wrong tokens from your network.',
  }),
  deviceLogins: {
    deviceCodes: shared.of({
      name: 'device-code',
      attempts: env.DEVICE_CODES_PER_NETWORK_PER_MINUTE,
      seconds: MINUTE_S,
      message: 'Too many devices on your network asked for a code.',
    }),
    userCodesPerSession: shared.of({
      name: 'user-code-session',
      attempts: env.WRONG_USER_CODES_PER_SESSION_PER_QUARTER_HOUR,
      seconds: HOUR_S / 4,
      message: 'Too many wrong codes.',
    }),
    userCodesPerNetwork: shared.of({
      name: 'user-code-network',
      attempts: env.WRONG_USER_CODES_PER_NETWORK_PER_QUARTER_HOUR,
      seconds: HOUR_S / 4,
      message: 'Too many wrong codes from your network.',
    }),
  },
})

/** What services deliver. */
const channelLimits = (env: LimitValues) => ({
  perNetwork: memoryLimit({
    name: 'channel-network',
    attempts: env.CHANNEL_DELIVERIES_PER_NETWORK_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many deliveries from your network.',
  }),
  perChannel: memoryLimit({
    name: 'channel',
    attempts: env.CHANNEL_MESSAGES_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many messages in this channel.',
  }),
})

/** Visits of computers, and of pages: one's own and those that anyone may see. */
const visitLimits = (env: LimitValues, shared: AttemptLimits) => ({
  tickets: shared.of({
    name: 'ticket',
    attempts: env.TICKETS_PER_SESSION_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'You have opened your computer too often in the last minute.',
  }),
  exports: shared.of({
    name: 'export',
    attempts: env.EXPORTS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'Too many exports in the last hour.',
  }),
  restarts: shared.of({
    name: 'restart',
    attempts: env.RESTARTS_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have restarted your computer too often in the last hour.',
  }),
  // In memory: nobody who comes to a computer waits for a count that hardly ever matters.
  wakes: memoryLimit({
    name: 'wake',
    attempts: env.WAKES_PER_ACCOUNT_PER_HOUR,
    seconds: HOUR_S,
    message: 'You have woken computers too often in the last hour.',
  }),
  changes: memoryLimit({
    name: 'change',
    attempts: env.CHANGES_PER_SESSION_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many changes in the last minute.',
  }),
  stats: memoryLimit({
    name: 'stats',
    attempts: env.STATS_PER_NETWORK_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many requests from your network.',
  }),
  unknownHosts: memoryLimit({
    name: 'unknown-host',
    attempts: env.UNKNOWN_HOSTS_PER_NETWORK_PER_MINUTE,
    seconds: MINUTE_S,
    message: 'Too many requests from your network for addresses that do not exist.',
  }),
  appCertificates: memoryLimit({
    name: 'app-certificate',
    attempts: env.APP_CERTIFICATES_PER_INSTANCE_PER_DAY,
    seconds: DAY_S,
    message: 'Too many new apps today.',
  }),
  certificateLookups: memoryLimit({
    name: 'certificate-lookup',
    attempts: env.CERTIFICATE_LOOKUPS_PER_SECOND,
    seconds: 1,
    message: 'Too many certificate requests at once.',
  }),
})
