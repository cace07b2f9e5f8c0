/** Issues enrolment links on a running api's database, as its administration does. */
import { hostsOf } from '@matrixos/shared'
import { createAudit } from '../../apps/api/src/audit/store.ts'
import { createChallenges } from '../../apps/api/src/auth/challenges/service.ts'
import { createChallengeStore } from '../../apps/api/src/auth/challenges/store.ts'
import { createEnrolment } from '../../apps/api/src/auth/enrolment/service.ts'
import { createEnrolmentStore } from '../../apps/api/src/auth/enrolment/store.ts'
import { createFactors } from '../../apps/api/src/auth/factors/service.ts'
import { createFactorStore } from '../../apps/api/src/auth/factors/store.ts'
import { createNotices } from '../../apps/api/src/auth/notices/service.ts'
import { createNoticeStore } from '../../apps/api/src/auth/notices/store.ts'
import { createOwnedPasskeyStore } from '../../apps/api/src/auth/passkeys/owned-store.ts'
import { createPasskeyRegistration } from '../../apps/api/src/auth/passkeys/registration.ts'
import { createPasskeyStore } from '../../apps/api/src/auth/passkeys/store.ts'
import { type Clock, systemClock } from '../../apps/api/src/clock.ts'
import type { Database } from '../../apps/api/src/db/database.ts'

export function enrolmentOf(database: Database, publicUrl: string, clock: Clock = systemClock) {
  const { app: id, appOrigin: origin } = hostsOf(publicUrl)
  const challenges = createChallenges({ store: createChallengeStore(database), clock })
  const store = createOwnedPasskeyStore(database)
  return createEnrolment({
    appOrigin: origin,
    store: createEnrolmentStore(database),
    registration: createPasskeyRegistration({
      ...{ rp: { id, name: 'Matrix OS', origin }, store, challenges, clock },
    }),
    factors: createFactors({
      db: database.db,
      store: createFactorStore(),
      passkeys: createPasskeyStore(database),
      mostPasskeys: 20,
    }),
    sessions: {
      open: async () => {
        throw new Error('Links are redeemed through the api.')
      },
    },
    notices: createNotices({ db: database.db, store: createNoticeStore(database), clock }),
    audit: createAudit({ db: database.db, clock }),
    clock,
  })
}
