/** A homeserver in memory that can be away, and refuse. */
import { type Homeserver, HomeserverError } from '../../ports/homeserver.ts'

export interface MemoryHomeserver extends Homeserver {
  isAway: boolean
  /** Names that it refuses to make. */
  refuses: Set<string>
  /** By name: what they are called, or `null` for who was deactivated. */
  accounts: Map<string, string | null>
  /** Tokens that are good, and whose. */
  tokens: Map<string, string>
  /** Devices with keys of their own. */
  withKeys: Set<string>
  encrypted: Set<string>
  /** `localpart roomId`: not in it, whatever the platform knows. */
  outside: Set<string>
  /** By room: who is in it besides whoever asks. */
  guests: Map<string, string[]>
  /** How often rooms were asked for. */
  asked: number
}

export function createMemoryHomeserver(serverName = 'mos.test'): MemoryHomeserver {
  let made = 0
  const answer = () => {
    if (homeserver.isAway) throw new HomeserverError('away', 'The homeserver does not answer.')
  }
  const homeserver: MemoryHomeserver = {
    ...{ serverName, isAway: false, refuses: new Set(), accounts: new Map() },
    ...{
      tokens: new Map(),
      withKeys: new Set(),
      encrypted: new Set(),
      outside: new Set(),
      guests: new Map(),
      asked: 0,
    },
    check: async () => answer(),
    async make(localpart, displayName) {
      answer()
      if (homeserver.refuses.has(localpart)) throw new HomeserverError('refused', 'It will not.')
      if (homeserver.accounts.get(localpart) === null) return 'deactivated'
      homeserver.accounts.set(localpart, displayName)
      return 'made'
    },
    async rename(localpart, displayName) {
      answer()
      if (homeserver.refuses.has(localpart)) throw new HomeserverError('refused', 'It will not.')
      homeserver.accounts.set(localpart, displayName)
    },
    async deactivate(localpart) {
      answer()
      homeserver.accounts.set(localpart, null)
      for (const [token, whose] of homeserver.tokens)
        if (whose.startsWith(`${localpart} `)) homeserver.tokens.delete(token)
    },
    async signIn(localpart, { id, expires }) {
      answer()
      const accessToken = `token-${++made}`
      homeserver.tokens.set(accessToken, `${localpart} ${id}`)
      return { accessToken, lifeMs: expires ? 86_400_000 : null }
    },
    async signOut(accessToken) {
      answer()
      const device = homeserver.tokens.get(accessToken)
      for (const [token, whose] of homeserver.tokens) if (whose === device) homeserver.tokens.delete(token)
    },
    async hasKeys(_localpart, deviceId) {
      answer()
      return homeserver.withKeys.has(deviceId)
    },
    async isEncrypted(roomId, localpart) {
      answer()
      homeserver.asked++
      if (homeserver.outside.has(`${localpart} ${roomId}`)) return null
      return homeserver.encrypted.has(roomId)
    },
    async joined(roomId, localpart) {
      answer()
      homeserver.asked++
      if (homeserver.outside.has(`${localpart} ${roomId}`)) return null
      return [`@${localpart}:${serverName}`, ...(homeserver.guests.get(roomId) ?? [])]
    },
  }
  return homeserver
}
