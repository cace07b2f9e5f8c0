/** The headers of the gate's answer to whoever is let in: where to, and what the instance is told of them. */
import { createHmac } from 'node:crypto'
import { CHECK_RESPONSE_HEADERS, type Hosts, isGatewayPath } from '@matrixos/shared'
import type { InstanceAddress } from '../ports/runtime.ts'
import type { CheckRequest } from './check-request.ts'
import type { Entrance } from './entrance.ts'

export interface Admission {
  check: CheckRequest
  address: InstanceAddress
  entrance: Entrance
  /** The instance's own. */
  token: string
  hosts: Pick<Hosts, 'appOrigin'>
}

/** Every header each time, so that none of the client's own passes for one. */
export function admissionHeaders({
  check,
  address,
  entrance,
  token,
  hosts,
}: Admission): Record<string, string> {
  const { role, person, permissions, group } = entrance
  // Nor is it given a proof that it does not look at: whoever has a pass comes without one.
  const wantsProof = address.trust === 'bearer'
  const verified = wantsProof && person && createHmac('sha256', token).update(person.userId).digest('hex')
  return {
    [CHECK_RESPONSE_HEADERS.upstream]: `${address.host}:${portFor(check, address)}`,
    [CHECK_RESPONSE_HEADERS.user]: person?.handle ?? '',
    [CHECK_RESPONSE_HEADERS.role]: role,
    [CHECK_RESPONSE_HEADERS.app]: check.app ?? '',
    [CHECK_RESPONSE_HEADERS.permissions]: permissions,
    // An image that trusts the edge by its position never holds a secret that its neighbours could use.
    [CHECK_RESPONSE_HEADERS.authorization]: address.trust === 'bearer' ? `Bearer ${token}` : '',
    [CHECK_RESPONSE_HEADERS.platformUserId]: person?.userId ?? '',
    [CHECK_RESPONSE_HEADERS.platformVerified]: verified || '',
    [CHECK_RESPONSE_HEADERS.frameAncestor]: check.framedBy ?? hosts.appOrigin,
    [CHECK_RESPONSE_HEADERS.group]: group,
  }
}

/** An app's paths are all its own: one port answers them. */
const portFor = ({ app, uri, isWebSocket }: CheckRequest, address: InstanceAddress): number =>
  app !== null || isGatewayPath(uri, isWebSocket)
    ? address.gatewayPort
    : (address.shellPort ?? address.gatewayPort)
