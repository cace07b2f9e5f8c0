/** From a row and its container's slot to what the runtime is asked to make: the environment, limits and token of the instance contract. */
import { createHmac } from 'node:crypto'
import { GATEWAY_PORT, type Hosts, SHELL_PORT } from '@matrixos/shared'
import type { InstanceSpec } from '../ports/runtime.ts'
import type { InstanceRow } from './store.ts'

export interface SpecOptions {
  hosts: Hosts
  platformSecret: string
  /** Of its container. */
  slot: number
  limits: InstanceSpec['limits']
  /** Where its home is, or will be. */
  homePathOf: (row: InstanceRow) => string
}

/** The bearer between the edge and one instance; it can be derived again, so it is stored nowhere. */
export const instanceToken = (platformSecret: string, handle: string): string =>
  createHmac('sha256', platformSecret).update(handle).digest('hex')

export function instanceSpec(row: InstanceRow, options: SpecOptions): InstanceSpec {
  const { hosts, platformSecret, slot, limits, homePathOf } = options
  return {
    id: row.id,
    handle: row.handle,
    slot,
    image: row.image,
    limits,
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
