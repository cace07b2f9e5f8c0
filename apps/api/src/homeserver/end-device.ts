/** Ends a device at the homeserver, with all of its tokens. */
import type { Log } from '../log.ts'
import type { Homeserver } from '../ports/homeserver.ts'
import type { Seal, Sealed } from '../seal.ts'

export interface EndDeviceOptions {
  homeserver: Pick<Homeserver, 'signIn' | 'signOut'>
  open: Seal['open']
  log: Pick<Log, 'warn'>
}

export interface EndedDevice {
  localpart: string
  deviceId: string
  token: Sealed
  /** What its token is bound to. */
  owner: string
}

export type EndDevice = (device: EndedDevice) => Promise<void>

/** `null`: it was altered, or sealed with another platform secret. No later attempt reads it. */
export function tokenIn(open: Seal['open'], token: Sealed, owner: string): string | null {
  try {
    return open(token, owner)
  } catch {
    return null
  }
}

/** Rejects with a HomeserverError. */
export const createEndDevice =
  ({ homeserver, open, log }: EndDeviceOptions): EndDevice =>
  async ({ localpart, deviceId, token, owner }) => {
    const known = tokenIn(open, token, owner)
    if (known !== null) return homeserver.signOut(known)
    log.warn({ device: deviceId }, 'a token cannot be read: its device is ended by another')
    const { accessToken } = await homeserver.signIn(localpart, {
      id: deviceId,
      name: deviceId,
      expires: false,
    })
    await homeserver.signOut(accessToken)
  }
