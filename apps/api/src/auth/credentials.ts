/** Wires what people do with their own ways to sign in, and the ways back for whoever lost them. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Limits } from '../limits/module.ts'
import type { Challenges } from './challenges/service.ts'
import { createEnrolment } from './enrolment/service.ts'
import { createEnrolmentStore } from './enrolment/store.ts'
import { createFactors } from './factors/service.ts'
import { createFactorStore } from './factors/store.ts'
import { createNotices } from './notices/service.ts'
import { createNoticeStore } from './notices/store.ts'
import { createManagePasskeys } from './passkeys/manage.ts'
import { createOwnedPasskeyStore } from './passkeys/owned-store.ts'
import { createPasskeyRegistration } from './passkeys/registration.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import { createRecovery } from './recovery/service.ts'
import { createRecoveryStore } from './recovery/store.ts'
import type { Sessions } from './sessions/service.ts'
import { createManageTotp } from './totp/manage.ts'
import { createOwnedTotpStore } from './totp/owned-store.ts'
import type { PasswordQueue } from './totp/password-queue.ts'

export interface CredentialsOptions {
  platformSecret: string
  /** Passkeys that one account may hold. */
  mostPasskeys: number
  hosts: Hosts
  rp: { id: string; name: string; origin: string }
  issuer: string
  database: Database
  challenges: Challenges
  sessions: Pick<Sessions, 'open' | 'prove' | 'refuseSuspended'>
  passwords: PasswordQueue
  limits: Pick<Limits, 'recoveryAttempts'>
  audit: Audit
  clock: Clock
}

export function createCredentials(options: CredentialsOptions) {
  const {
    platformSecret,
    mostPasskeys,
    hosts,
    rp,
    issuer,
    database,
    challenges,
    sessions,
    passwords,
    limits,
    audit,
    clock,
  } = options
  const ownedPasskeys = createOwnedPasskeyStore(database)
  const enrolmentStore = createEnrolmentStore(database)
  const factors = createFactors({
    db: database.db,
    store: createFactorStore(),
    passkeys: createPasskeyStore(database),
    mostPasskeys,
  })
  const registration = createPasskeyRegistration({ rp, store: ownedPasskeys, challenges, clock })
  const notices = createNotices({ db: database.db, store: createNoticeStore(database), clock })
  const shared = { factors, registration, challenges, sessions, notices, audit, clock }

  const services = {
    notices,
    ownPasskeys: createManagePasskeys({ ...shared, rpId: rp.id, store: ownedPasskeys }),
    ownTotp: createManageTotp({
      ...{ ...shared, issuer, passwords, platformSecret },
      store: createOwnedTotpStore(database),
    }),
    recovery: createRecovery({
      ...{ ...shared, attempts: limits.recoveryAttempts },
      store: createRecoveryStore(database),
    }),
    enrolment: createEnrolment({ ...shared, appOrigin: hosts.appOrigin, store: enrolmentStore }),
  }

  return {
    services,

    async deleteExpired(now: Date): Promise<void> {
      await enrolmentStore.deleteExpired(now)
      await notices.deleteOld(now)
    },
  }
}
