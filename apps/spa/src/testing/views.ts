/** What the api answers in component tests, unless a test says otherwise. */
import type { CreditsView, InstanceView, UserView } from '@matrixos/shared'

export const CARLA: UserView = {
  handle: 'carla',
  displayName: 'Carla',
  role: 'member',
  createdAt: '2026-01-01T00:00:00.000Z',
  signInMethods: ['passkey', 'totp'],
}

const AWAKE = {
  id: 'ins_00000000000000000000000000',
  handle: 'carla',
  url: 'http://carla.localhost/',
  desired: 'awake',
  observed: 'running',
  step: null,
  isFirstStart: false,
  error: null,
  nextAttemptAt: null,
  line: null,
  lastUsedAt: '2026-01-01T00:00:00.000Z',
  createdAt: '2026-01-01T00:00:00.000Z',
  archiveDueAt: null,
  deletionDueAt: null,
  deletionGraceDays: 7,
  isolation: 'container',
  idleLimitS: 1800,
  plan: {
    ...{
      key: 'standard',
      title: 'Standard',
      cpuShares: 512,
      cpuQuotaUs: 200_000,
      pids: 256,
      ociRuntime: 'runc',
    },
    ...{ memoryBytes: 536_870_912, memoryReservationBytes: 268_435_456 },
    ...{ diskBytes: 1_073_741_824, inodes: 131_072, logBytes: 2_097_152, bandwidthBytesPerS: null },
  },
} satisfies Record<keyof InstanceView, unknown>

export const creditsView = (more: Partial<CreditsView> = {}): CreditsView => ({
  ...{ limit: '5.00', spent: '2.304512', held: '0', remaining: '2.695488', granted: '0' },
  ...{ period: 'once', periodEndsAt: null, callsAtOnce: 5, callsPerMinute: 60 },
  ...{ calls: [], alert: null, request: null, ownKeys: [], alertAddress: null, canMail: false },
  upstreams: { anthropic: 'provider', openai: 'none' },
  ...more,
})

/** Every answer that the dashboard and the credits page need. */
export const ANSWERS = {
  'auth.session': CARLA,
  'auth.notices.list': [],
  'auth.passkeys.list': { passkeys: [] },
  'tenants.mine': AWAKE,
  'feed.state': { unreadMentions: 0, asked: [] },
  'events.list': { events: [], nextCursor: null },
  'tenants.usage': {
    points: [],
    limits: { cores: 2, memoryBytes: 536_870_912, diskBytes: 1_073_741_824 },
    ...{ outOfMemoryAt: null, disk: null, throttledAt: null },
  },
  'sharing.sharedWithMe': [],
  'publishing.list': { isAllowed: true, publications: [] },
  'quota.credits': creditsView(),
  'quota.usage': [],
  'quota.calls': { calls: [], nextCursor: null },
}

/** The answer to the question for one's credits. */
export const withCredits = (more: Partial<CreditsView>) => ({ 'quota.credits': creditsView(more) })
