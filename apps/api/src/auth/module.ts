/** Wires accounts, their credentials and their sessions. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import { type Env, toMs } from '../env.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { TenantService } from '../tenants/service.ts'
import { createAccounts } from './accounts/service.ts'
import { createSignUpLimit } from './accounts/sign-up-limit.ts'
import { createAccountStore } from './accounts/store.ts'
import { createUserViews } from './accounts/view.ts'
import { createChallenges } from './challenges/service.ts'
import { createChallengeStore } from './challenges/store.ts'
import { createCredentials } from './credentials.ts'
import { createPasskeyLogin } from './passkeys/service.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import { createSessions } from './sessions/service.ts'
import { createSessionStore } from './sessions/store.ts'
import { createPasswordQueue } from './totp/password-queue.ts'
import { createTotpLogin } from './totp/service.ts'
import { createTotpStore } from './totp/store.ts'

export interface AuthModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  tenants: Pick<TenantService, 'insert' | 'accept'>
  limits: Limits
  audit: Audit
  clock: Clock
  log: Log
}

export type AuthModule = Awaited<ReturnType<typeof createAuthModule>>

export async function createAuthModule(options: AuthModuleOptions) {
  const { env, hosts, database, notifications, tenants, limits, audit, clock, log } = options
  const accountStore = createAccountStore(database)
  const sessionStore = createSessionStore(database)
  const challengeStore = createChallengeStore(database)
  const sessions = await createSessions({
    store: sessionStore,
    notifications,
    audit,
    clock,
    log,
    platformSecret: env.PLATFORM_SECRET,
    graceMs: toMs(env.SESSION_GRACE_S),
    mostSessions: env.SESSIONS_PER_ACCOUNT,
    mostStreams: env.STREAMS_PER_SESSION,
  })
  const accounts = createAccounts({
    db: database.db,
    store: accountStore,
    tenants,
    signUps: createSignUpLimit(limits.signUps),
    audit,
    clock,
  })
  const challenges = createChallenges({ store: challengeStore, clock })
  const login = { accounts, challenges, sessions, audit, clock }
  const rp = { id: hosts.app, name: 'Matrix OS', origin: hosts.appOrigin }
  const issuer = `Matrix OS (${hosts.domain})`
  const passkeys = createPasskeyLogin({ ...login, rp, store: createPasskeyStore(database) })
  const passwords = createPasswordQueue({
    atOnce: env.PASSWORD_HASHES_AT_ONCE,
    waiting: env.PASSWORD_HASHES_WAITING,
  })
  const totp = createTotpLogin({
    ...login,
    store: createTotpStore(database),
    issuer,
    platformSecret: env.PLATFORM_SECRET,
    passwordAttempts: limits.passwordAttempts,
    passwords,
  })
  const credentials = createCredentials({ ...options, rp, issuer, challenges, sessions, passwords })

  return {
    accounts,
    passkeys,
    totp,
    sessions,
    sessionStore,
    ...credentials.services,
    users: createUserViews({ store: accountStore }),

    async deleteExpired(now: Date): Promise<void> {
      await challengeStore.deleteExpired(now)
      await sessionStore.deleteExpired(now)
      await credentials.deleteExpired(now)
    },

    close: sessions.deafen,
  }
}
