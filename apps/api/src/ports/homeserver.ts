/**
 * The homeserver port: accounts of the platform's people and their AIs at a Matrix homeserver. Whoever stands behind it
 * knows the platform as an application service; nothing but the standard client-server and application-service APIs is
 * used. Every verb may be repeated.
 */

export interface Device {
  id: string
  /** Shown to whoever looks at their devices. */
  name: string
  /** Asks for a token that ends by itself. Not every homeserver gives one. */
  expires: boolean
}

export interface Token {
  accessToken: string
  /** `null`: it does not end by itself. */
  lifeMs: number | null
}

export interface Homeserver {
  /** The part of user ids after the colon. */
  serverName: string
  /** Resolves when it answers as a homeserver that knows the platform. Rejects with a HomeserverError. */
  check: () => Promise<void>
  /** `deactivated`: somebody had that name, and nobody can ever have it again. */
  make: (localpart: string, displayName: string) => Promise<'made' | 'deactivated'>
  /** What others call whoever has that account. */
  rename: (localpart: string, displayName: string) => Promise<void>
  /** For ever: nobody can sign in as them again, and what they wrote is hidden from whoever joins later. */
  deactivate: (localpart: string) => Promise<void>
  /** Signs that device in. Its keys, and any token that it had before, stay good. */
  signIn: (localpart: string, device: Device) => Promise<Token>
  /** Ends a token with its device, keys and all; also resolves when it had ended before. */
  signOut: (accessToken: string) => Promise<void>
  /** Whether a device has put up keys of its own: a client uses it, and a second one would break what the first can read. */
  hasKeys: (localpart: string, deviceId: string) => Promise<boolean>
  /** Whether messages in a room have to be encrypted, as somebody in it sees it. `null`: they are not in it, and cannot say. */
  isEncrypted: (roomId: string, localpart: string) => Promise<boolean | null>
  /** The user ids of all who have joined a room, also from elsewhere, as somebody in it sees it. `null`: they may not look. */
  joined: (roomId: string, localpart: string) => Promise<string[] | null>
}

/** `away`: no answer, or one that says to come back. `refused`: it does not do what it was asked, and will not. */
export class HomeserverError extends Error {
  readonly kind: 'away' | 'refused'

  constructor(kind: 'away' | 'refused', message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HomeserverError'
    this.kind = kind
  }
}
