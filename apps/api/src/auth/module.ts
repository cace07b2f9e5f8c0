/** Wires accounts, their credentials and their sessions. */
import type { Hosts, ProofOfWorkMode, SignUpMode } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import { type Env, toMs } from '../env.ts'
import { deriveKey } from '../keys.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import type { TenantService } from '../tenants/service.ts'
import { type Accounts, createAccounts } from './accounts/service.ts'
import { createSignUpLimit } from './accounts/sign-up-limit.ts'
import { createSignUpDoor, type InviteCheck } from './accounts/sign-up-mode.ts'
import { createAccountStore } from './accounts/store.ts'
import { createUserViews } from './accounts/view.ts'
import { type Challenges, createChallenges } from './challenges/service.ts'
import { createChallengeStore } from './challenges/store.ts'
import { createCredentials } from './credentials.ts'
import { createPasskeyProof } from './passkeys/proof.ts'
import { createPasskeyLogin } from './passkeys/service.ts'
import { createPasskeyStore } from './passkeys/store.ts'
import { createProfile } from './profile/service.ts'
import { createProofOfWork } from './proof-of-work/service.ts'
import { createRecoveryStore } from './recovery/store.ts'
import { createSessions, type Sessions } from './sessions/service.ts'
import { createSessionStore } from './sessions/store.ts'
import { createStepUp } from './step-up/service.ts'
import { createPasswordQueue, type PasswordQueue } from './totp/password-queue.ts'
import { createTotpProof } from './totp/proof.ts'
import { createTotpLogin } from './totp/service.ts'
import { createTotpStore } from './totp/store.ts'

export interface AuthModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  notifications: Notifications
  tenants: Pick<TenantService, 'insert' | 'accept'>
  limits: Limits
  /** Asked at each sign-up. */
  proofOfWorkMode: () => Promise<ProofOfWorkMode>
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
  const accountStore = createAccountStore(database)
  const sessionStore = createSessionStore(database)
  const challengeStore = createChallengeStore(database)
  const sessions = await createSessions({
    ...{ store: sessionStore, notifications, audit, clock, log },
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
    door: createSignUpDoor({ mode: options.signUpMode, invites: options.invites }),
    audit,
    clock,
  })
  const challenges = createChallenges({ store: challengeStore, clock })
  const rp = { id: hosts.app, name: 'Matrix OS', origin: hosts.appOrigin }
  const issuer = `Matrix OS (${hosts.domain})`
  const passwords = createPasswordQueue({
    atOnce: env.PASSWORD_HASHES_AT_ONCE,
    waiting: env.PASSWORD_HASHES_WAITING,
  })
  const settings = { platformSecret: env.PLATFORM_SECRET, mostPasskeys: env.PASSKEYS_PER_ACCOUNT }
  const shared = { ...options, ...settings, rp, issuer, accounts, challenges, sessions, passwords }
  const ways = createWaysIn(shared)
  const credentials = createCredentials(shared)

  return {
    accounts,
    ...ways,
    sessions,
    sessionStore,
    ...credentials.services,
    proofOfWork: createProofOfWork({
      mode: options.proofOfWorkMode,
      key: deriveKey(env.PLATFORM_SECRET, 'proof-of-work'),
      unproved: limits.unprovedSignUps,
      solutions: limits.puzzleSolutions,
      clock,
    }),
    profile: createProfile({ store: accountStore, audit }),
    users: createUserViews({ store: accountStore }),

    async deleteExpired(now: Date): Promise<void> {
      await challengeStore.deleteExpired(now)
      await sessionStore.deleteExpired(now)
      await credentials.deleteExpired(now)
    },

    close: sessions.deafen,
  }
}

interface WaysInOptions extends AuthModuleOptions {
  platformSecret: string
  rp: { id: string; name: string; origin: string }
  issuer: string
  accounts: Accounts
  challenges: Challenges
  sessions: Sessions
  passwords: PasswordQueue
}

/** How people prove who they are: at sign-up and login, and again in a session that stands. */
function createWaysIn(options: WaysInOptions) {
  const { platformSecret, rp, database, limits, challenges, sessions, passwords, audit, clock } = options
  const passkeyStore = createPasskeyStore(database)
  const totpStore = createTotpStore(database)
  const provePasskey = createPasskeyProof({ rp, store: passkeyStore, audit, clock })
  const proveTotp = createTotpProof({ platformSecret, store: totpStore, passwords, audit, clock })
  return {
    passkeys: createPasskeyLogin({ ...options, store: passkeyStore, prove: provePasskey }),
    totp: createTotpLogin({
      ...options,
      store: totpStore,
      prove: proveTotp,
      passwordAttempts: limits.passwordAttempts,
      strangersPasswords: limits.strangersPasswords,
    }),
    stepUp: createStepUp({
      ...{ rpId: rp.id, passkeyStore, provePasskey, proveTotp, challenges, sessions, audit, clock },
      recoveryStore: createRecoveryStore(database),
      guesses: limits.stepUpGuesses,
    }),
  }
}
