/** From a row to what the runtime is asked to make: the environment, limits and token of the instance contract. */
import { createHmac } from 'node:crypto'
import { GATEWAY_PORT, type Hosts, SHELL_PORT } from '@matrixos/shared'
import type { InstanceSpec } from '../ports/runtime.ts'
import type { PolicyOf } from './policy.ts'
import type { InstanceRow } from './store.ts'

export interface SpecOptions {
  hosts: Hosts
  platformSecret: string
  policyOf: PolicyOf
  /** Where its home is, or will be. */
  homePathOf: (row: InstanceRow) => string
}

/** The container that serves an instance. Every instance has this one; the next stands beside it while it is tried. */
export const SERVING_GENERATION = 1

export const servingContainer = ({ id, handle }: Pick<InstanceRow, 'id' | 'handle'>) => ({
  id,
  handle,
  generation: SERVING_GENERATION,
})

/** The bearer between the edge and one instance; it can be derived again, so it is stored nowhere. */
export const instanceToken = (platformSecret: string, handle: string): string =>
  createHmac('sha256', platformSecret).update(handle).digest('hex')

export function instanceSpec(row: InstanceRow, options: SpecOptions): InstanceSpec {
  const { hosts, platformSecret, policyOf, homePathOf } = options
  return {
    ...servingContainer(row),
    slot: row.slot,
    image: row.image,
    limits: policyOf(row).limits,
    home: homePathOf(row),
    env: {
      MATRIX_HANDLE: row.handle,
      MATRIX_DISPLAY_NAME: row.handle,
      MATRIX_IMAGE: row.image,
      MATRIX_AUTH_TOKEN: instanceToken(platformSecret, row.handle),
      MATRIX_USER_ID: `@${row.handle}:${hosts.domain}`,
      GATEWAY_EXTERNAL_URL: hosts.instanceOrigin(row.handle),
      PORT: String(GATEWAY_PORT),
      SHELL_PORT: String(SHELL_PORT),
    },
  }
}
