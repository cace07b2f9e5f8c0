/** From a row and its container's slot to what the runtime is asked to make: the environment, limits and token of the instance contract. */
import { createHmac } from 'node:crypto'
import { GATEWAY_PORT, type Hosts, type InstanceEnv, SHELL_PORT } from '@matrixos/shared'
import type { InstanceSpec } from '../ports/runtime.ts'
import type { PolicyOf } from './policy.ts'
import type { InstanceRow } from './store.ts'

export interface SpecOptions {
  hosts: Hosts
  platformSecret: string
  policyOf: PolicyOf
  /** Of its container. */
  slot: number
  /** Where its home is, or will be. */
  homePathOf: (row: TokenSubject) => string
  /** Where it reaches the AI proxy, and what it calls it with. */
  ai: { url: string; token: string }
  /** What the operator says to all of them: where channels' services are, if not at their own addresses, and what is not to run. */
  operator?: OperatorEnv
}

export type OperatorEnv = Pick<
  InstanceEnv,
  'TELEGRAM_API_URL' | 'SLACK_API_URL' | 'DISCORD_API_URL' | 'MATRIX_HOMESERVER_URL' | 'MATRIX_DENYLIST'
>

/** The tokens for AI calls, which are another domain's. */
export interface AiAccess {
  /** The one that an instance starts with; good when this resolves. */
  issue: (row: Pick<InstanceRow, 'id' | 'aiTokenGeneration'>) => Promise<string>
  /** `inUse`: of each instance, the oldest generation that it may still have. */
  retire: (inUse: Pick<InstanceRow, 'id' | 'aiTokenGeneration'>[]) => Promise<void>
}

/** The container that serves an instance. The one of another generation may stand beside it. */
export const servingContainer = ({
  id,
  handle,
  generation,
}: Pick<InstanceRow, 'id' | 'handle' | 'generation'>) => ({ id, handle, generation })

/** What an instance's token is made from. */
export type TokenSubject = Pick<InstanceRow, 'id' | 'handle' | 'tokenGeneration'>

/**
 * The bearer between the edge and one instance; it can be derived again, so it is stored nowhere. The id keeps it from
 * the next owner of the handle, and raising the generation revokes it. Generation 0 is that of instances made when the
 * token came from the handle alone: what runs then keeps its token until it is started anew.
 */
export function instanceToken(platformSecret: string, { id, handle, tokenGeneration }: TokenSubject): string {
  const subject = tokenGeneration === 0 ? handle : `${handle} ${id} ${tokenGeneration}`
  return createHmac('sha256', platformSecret).update(subject).digest('hex')
}

/** What of a row a container is made from. */
export type SpecSubject = TokenSubject &
  Pick<InstanceRow, 'generation' | 'image' | 'plan' | 'aiTokenGeneration'> &
  Partial<Pick<InstanceRow, 'throttledAt'>>

export function instanceSpec(row: SpecSubject, options: SpecOptions): InstanceSpec {
  const { hosts, platformSecret, policyOf, slot, homePathOf, ai, operator = {} } = options
  return {
    ...servingContainer(row),
    slot,
    image: row.image,
    limits: policyOf(row).limits,
    storage: policyOf(row).storage,
    logBytes: policyOf(row).logBytes,
    ociRuntime: policyOf(row).ociRuntime,
    home: homePathOf(row),
    aiTokenGeneration: row.aiTokenGeneration,
    env: {
      MATRIX_HANDLE: row.handle,
      MATRIX_DISPLAY_NAME: row.handle,
      MATRIX_IMAGE: row.image,
      MATRIX_AUTH_TOKEN: instanceToken(platformSecret, row),
      MATRIX_USER_ID: `@${row.handle}:${hosts.domain}`,
      // Clients of both formats find the proxy without being told.
      ANTHROPIC_BASE_URL: ai.url,
      ANTHROPIC_API_KEY: ai.token,
      OPENAI_BASE_URL: `${ai.url}/v1`,
      OPENAI_API_KEY: ai.token,
      // The same listener: what it tells the platform goes on from there.
      PLATFORM_INTERNAL_URL: ai.url,
      ...operator,
      GATEWAY_EXTERNAL_URL: hosts.instanceOrigin(row.handle),
      APP_EXTERNAL_URL: hosts.instanceAppOrigin(row.handle, '{app}'),
      PORT: String(GATEWAY_PORT),
      SHELL_PORT: String(SHELL_PORT),
    },
  }
}
