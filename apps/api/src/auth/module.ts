/** Wires accounts, their credentials and their sessions. */
import type { Hosts, SignUpMode } from '@matrixos/shared'
import type { InviteCheck } from '../admin/invites/service.ts'
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
import { createSignUpDoor } from './accounts/sign-up-mode.ts'
import { createAccountStore } from './accounts/store.ts'
import { createUserViews } from './accounts/view.ts'
import { createChallenges } from './challenges/service.ts'
import { createChallengeStore } from './challenges/store.ts'
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
  /** Who may sign up now. */
  signUpMode: () => SignUpMode
  invites: InviteCheck
  audit: Audit
  clock: Clock
  log: Log
}

export type AuthModule = Awaited<ReturnType<typeof createAuthModule>>

export async function createAuthModule(options: AuthModuleOptions) {
  const { env, hosts, database, notifications, tenants, limits, audit, clock, log } = options
  const platformSecret = env.PLATFORM_SECRET
  const accountStore = createAccountStore(database)
  const sessionStore = createSessionStore(database)
  const challengeStore = createChallengeStore(database)
  const sessions = await createSessions({
    store: sessionStore,
    notifications,
    audit,
    clock,
    log,
    platformSecret,
    graceMs: toMs(env.SESSION_GRACE_S),
    mostSessions: env.SESSIONS_PER_ACCOUNT,
    mostStreams: env.STREAMS_PER_SESSION,
  })
  const accounts = createAccounts({
    db: database.db,
    store: accountStore,
    tenants,
    signUps: createSignUpLimit(limits.signUps),
    door: createSignUpDoor({ mode: options.signUpMode, invites: options.invites }),
    audit,
    clock,
  })
  const challenges = createChallenges({ store: challengeStore, clock })
  const login = { accounts, challenges, sessions, audit, clock }
  const passkeys = createPasskeyLogin({
    ...login,
    store: createPasskeyStore(database),
    rp: { id: hosts.app, name: 'Matrix OS', origin: hosts.appOrigin },
  })
  const totp = createTotpLogin({
    ...login,
    store: createTotpStore(database),
    issuer: `Matrix OS (${hosts.domain})`,
    platformSecret,
    passwordAttempts: limits.passwordAttempts,
    passwords: createPasswordQueue({
      atOnce: env.PASSWORD_HASHES_AT_ONCE,
      waiting: env.PASSWORD_HASHES_WAITING,
    }),
  })

  return {
    accounts,
    passkeys,
    totp,
    sessions,
    sessionStore,
    users: createUserViews({ store: accountStore }),

    async deleteExpired(now: Date): Promise<void> {
      await challengeStore.deleteExpired(now)
      await sessionStore.deleteExpired(now)
    },

    close: sessions.deafen,
  }
}
