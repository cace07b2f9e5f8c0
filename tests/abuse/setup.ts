/** The platform under attack, the people on it, and a look into its database. */
import { logIn, signUp, waitUntilRunning } from '@matrixos/client'
import type { InstanceId } from '@matrixos/shared'
import { type Authenticator, createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { TOTP } from 'otpauth'
import postgres, { type Sql } from 'postgres'
import { refusal } from '../support/api-error.ts'
import { DOMAINS } from '../support/domains.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { buildHostileImage } from './hostile/image.ts'

/** Within this time the end of a session, a token or a share reaches everything. */
export const REVOKED_MS = 5_000
export const PASSWORD = 'a long enough phrase'

export interface Somebody {
  client: PlatformClient
  authenticator: Authenticator
  handle: string
  instanceId: InstanceId
  /** Of the instance, without a slash at the end. */
  url: string
}

export type Setup = Awaited<ReturnType<typeof openSetup>>

/** All tests come from one address: what is limited for a network must not decide what they see. */
const ROOMY = {
  AUTH_ATTEMPTS_PER_MINUTE: '5000',
  SIGN_UPS_PER_NETWORK_PER_HOUR: '500',
  UNKNOWN_HOSTS_PER_NETWORK_PER_MINUTE: '500',
  SESSIONS_PER_ACCOUNT: '500',
  /** So few may wait that a crowd of guesses meets the limit. */
  PASSWORD_HASHES_WAITING: '10',
}

/** Everyone's instance is a hostile one, on one registrable domain with the platform: the worst case. */
export async function openSetup() {
  await using opened = new AsyncDisposableStack()
  const image = opened.use(await buildHostileImage())
  const env = { INSTANCE_IMAGE: image.tag, ...ROOMY }
  const stack = opened.use(await bootStack({ parts: 'real', domains: DOMAINS.one, env }))
  const sql = postgres(stack.databaseUrl ?? '', { max: 2 })
  opened.defer(() => sql.end())
  const ada = await somebody(stack, 'ada')
  const mallory = await somebody(stack, 'mallory')
  const open = opened.move()
  return {
    stack,
    sql,
    /** The victim. Her instance is awake, and her browser signed in there. */
    ada,
    /** The attacker, who has an account and an instance too. */
    mallory,
    /** Somebody who needs no instance that runs. */
    newcomer: async (handle: string, authenticator = createAuthenticator()) => {
      const client = stack.client()
      await signUp({ client, authenticator, handle })
      return { client, authenticator, handle }
    },
    /** A further browser of somebody, signed in anew. */
    again: async ({ authenticator }: Pick<Somebody, 'authenticator'>) => {
      const client = stack.client()
      await logIn({ client, authenticator })
      return client
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function somebody(stack: Stack, handle: string): Promise<Somebody> {
  const client = stack.client()
  const authenticator = createAuthenticator()
  await signUp({ client, authenticator, handle })
  const { id: instanceId } = await waitUntilRunning(client)
  const url = stack.hosts.instanceOrigin(handle)
  await openInstance(client, `${url}/`)
  return { client, authenticator, handle, instanceId, url }
}

/** What a refused call said, in the form that the cases compare. */
export async function refused(call: Promise<unknown>): Promise<[number, string]> {
  const { status, code } = await refusal(call)
  return [status, code]
}

/** Makes the proof of every session of somebody six minutes old. */
export async function ageProofs(sql: Sql, handle: string): Promise<void> {
  await sql`update sessions set authenticated_at = authenticated_at - interval '6 minutes'
            from users where users.id = sessions.user_id and users.handle = ${handle}`
}

/** How often this was written to the audit log about somebody, by themselves or by nobody. */
export async function audited(sql: Sql, handle: string, action: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from audit_log, users
    where users.handle = ${handle} and action = ${action} and users.id in (actor, target)`
  return row?.count ?? 0
}

/** The code of so many steps from now: each counts once, and the steps beside the present one are taken. */
export const codeOf = (secret: string, steps: -1 | 0 | 1): string =>
  TOTP.generate({ secret: new TOTP({ secret }).secret, timestamp: Date.now() + steps * 30_000 })
