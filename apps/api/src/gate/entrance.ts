/** As what somebody comes in, at the host of an instance or of one of its apps: what the instance is told of it. */
import type { InstanceId } from '@matrixos/shared'
import { accessTo, accessToApp, type Publications, type Shares } from '../access/policy.ts'
import type { InstanceRow } from '../tenants/store.ts'
import type { Viewer } from './app-token.ts'

interface AnyEntrance {
  /** `null`: a visitor, whoever that may be elsewhere. */
  person: Viewer | null
  /** Value of `X-Mos-Permissions`. */
  permissions: string
}

/** `group`: of an app's guests, who can be ended together; empty: no guest. */
export type Entrance = AnyEntrance &
  ({ role: 'owner' | 'viewer'; group: '' } | { role: 'viewer' | 'visitor'; group: `${InstanceId}/${string}` })

export interface EntranceOptions {
  shares: Shares
  publications: Publications
}

export const groupOf = ({ id }: Pick<InstanceRow, 'id'>, app: string) => `${id}/${app}` as const

/** `null`: not at all. */
export function entranceOf(
  viewer: Viewer | null,
  row: Pick<InstanceRow, 'id' | 'userId'>,
  app: string | null,
  options: EntranceOptions,
): Entrance | null {
  return app === null ? toComputer(viewer, row, options) : toApp(viewer, { ...row, app }, options)
}

function toComputer(
  viewer: Viewer | null,
  row: Pick<InstanceRow, 'id' | 'userId'>,
  { shares }: EntranceOptions,
): Entrance | null {
  const access = viewer && accessTo(viewer, row, shares)
  if (!access) return null
  const permissions = access.role === 'viewer' && access.canUseNotes ? 'notes' : ''
  return { role: access.role, person: viewer, permissions, group: '' }
}

function toApp(
  viewer: Viewer | null,
  target: Pick<InstanceRow, 'id' | 'userId'> & { app: string },
  options: EntranceOptions,
): Entrance | null {
  const access = accessToApp(viewer, target, options)
  if (!access) return null
  if (access.role === 'owner') return { role: 'owner', person: viewer, permissions: 'ai', group: '' }
  const { role, guestCreditNano } = access
  return {
    role,
    person: role === 'visitor' ? null : viewer,
    permissions: guestCreditNano > 0n ? `ai:${guestCreditNano}` : '',
    group: groupOf(target, target.app),
  }
}
