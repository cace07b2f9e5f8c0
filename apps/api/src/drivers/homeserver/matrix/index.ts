/** Any Matrix homeserver that knows the platform as an application service. */
import { z } from 'zod'
import { type Device, type Homeserver, HomeserverError, type Token } from '../../../ports/homeserver.ts'
import { type CallerOptions, createCaller, refusal } from './call.ts'

export interface MatrixHomeserverOptions extends CallerOptions {
  serverName: string
}

const signedIn = z.object({
  access_token: z.string().min(1),
  expires_in_ms: z.number().positive().optional(),
})
const deviceKeys = z.object({ device_keys: z.record(z.string(), z.record(z.string(), z.unknown())) })
const joinedMembers = z.object({ joined: z.record(z.string(), z.unknown()) })
const LOGIN = 'm.login.application_service'

export function createMatrixHomeserver({ serverName, ...caller }: MatrixHomeserverOptions): Homeserver {
  const call = createCaller(caller)
  const idOf = (localpart: string) => `@${localpart}:${serverName}`
  const at = (localpart: string) => encodeURIComponent(idOf(localpart))

  async function signIn(localpart: string, { id, name, expires }: Device): Promise<Token> {
    const identifier = { type: 'm.id.user', user: localpart }
    const body = { type: LOGIN, identifier, device_id: id, initial_device_display_name: name }
    const answer = await call({ method: 'POST', path: 'v3/login', body: { ...body, refresh_token: expires } })
    const found = signedIn.safeParse(answer.body)
    if (answer.status !== 200 || !found.success) throw refusal('sign an account in', answer)
    return { accessToken: found.data.access_token, lifeMs: found.data.expires_in_ms ?? null }
  }

  async function signOut(accessToken: string): Promise<void> {
    const answer = await call({ method: 'POST', path: 'v3/logout', token: accessToken, body: {} })
    if (answer.status !== 200 && answer.status !== 401) throw refusal('end a token', answer)
  }

  async function rename(localpart: string, displayName: string): Promise<void> {
    const answer = await call({
      ...{ method: 'PUT', path: `v3/profile/${at(localpart)}/displayname`, as: idOf(localpart) },
      body: { displayname: displayName },
    })
    if (answer.status !== 200) throw refusal('name an account', answer)
  }

  /** A homeserver tells whoever tries to sign them in, and on some way or other lets the platform act for them all the same. */
  async function isDeactivated(localpart: string): Promise<boolean> {
    try {
      const { accessToken } = await signIn(localpart, {
        id: 'MATRIXOSCHECK',
        name: 'Matrix OS',
        expires: false,
      })
      await signOut(accessToken)
      return false
    } catch (error) {
      if (error instanceof HomeserverError && error.kind === 'refused') return true
      throw error
    }
  }

  return {
    serverName,

    async check() {
      const answer = await call({ method: 'GET', path: 'v3/account/whoami' })
      if (answer.status !== 200) throw refusal('know this platform', answer)
    },

    async make(localpart, displayName) {
      const body = { type: LOGIN, username: localpart, inhibit_login: true }
      const made = await call({ method: 'POST', path: 'v3/register', body })
      if (made.status !== 200 && made.errcode !== 'M_USER_IN_USE') throw refusal('make an account', made)
      if (made.status !== 200 && (await isDeactivated(localpart))) return 'deactivated'
      await rename(localpart, displayName)
      return 'made'
    },

    rename,

    async deactivate(localpart) {
      const body = { erase: true }
      const path = 'v3/account/deactivate'
      const answer = await call({ method: 'POST', path, as: idOf(localpart), body })
      if (answer.status === 200 || (await isDeactivated(localpart))) return
      throw refusal('deactivate an account', answer)
    },

    signIn,
    signOut,

    async hasKeys(localpart, deviceId) {
      const [as, path] = [idOf(localpart), 'v3/keys/query']
      const answer = await call({ method: 'POST', path, as, body: { device_keys: { [as]: [deviceId] } } })
      const found = deviceKeys.safeParse(answer.body)
      if (answer.status !== 200 || !found.success) throw refusal('say whose keys it has', answer)
      return found.data.device_keys[as]?.[deviceId] !== undefined
    },

    async isEncrypted(roomId, localpart) {
      const path = `v3/rooms/${encodeURIComponent(roomId)}/state/m.room.encryption`
      const answer = await call({ method: 'GET', path, as: idOf(localpart) })
      if (answer.status === 200) return true
      if (answer.status === 404 && answer.errcode === 'M_NOT_FOUND') return false
      if (answer.status === 403) return null
      throw refusal('say whether a room is encrypted', answer)
    },

    async joined(roomId, localpart) {
      const path = `v3/rooms/${encodeURIComponent(roomId)}/joined_members`
      const answer = await call({ method: 'GET', path, as: idOf(localpart) })
      if (answer.status === 403) return null
      const found = joinedMembers.safeParse(answer.body)
      if (answer.status !== 200 || !found.success) throw refusal('say who is in a room', answer)
      return Object.keys(found.data.joined)
    },
  }
}
