/** People's own clients: each gets a token that is shown once, and can be ended. */
import type { MatrixLogin, MatrixLoginMade, MatrixStanding, UserId } from '@matrixos/shared'
import type { SessionPrincipal } from '../access/principal.ts'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { RequestInfo } from '../http/request.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import type { Seal } from '../seal.ts'
import { createEndDevice } from './end-device.ts'
import type { LoginRow, LoginStore } from './logins-store.ts'

const MOST_LOGINS = 20
const DEVICE_BYTES = 8
const RETRY_S = 30

const AWAY = () =>
  new AppError('upstream_unavailable', 'The homeserver does not answer. Try again in a moment.', {
    retryAfterS: RETRY_S,
  })

export interface LoginsOptions {
  homeserver: Pick<Homeserver, 'signIn' | 'signOut' | 'serverName'>
  store: LoginStore
  /** Their name before the colon; `null`: their account is not made yet. */
  localpartOf: (userId: UserId) => Promise<string | null>
  seal: Seal
  audit: Pick<Audit, 'record'>
  /** Where people's own clients reach the homeserver. */
  homeserverUrl: string
  clock: Pick<Clock, 'now' | 'random'>
  log: Log
}

export type Logins = ReturnType<typeof createLogins>

export function createLogins(options: LoginsOptions) {
  const { homeserver, store, localpartOf, seal, audit, homeserverUrl, clock, log } = options
  const endDevice = createEndDevice({ homeserver, open: seal.open, log })
  const view = ({ deviceId, name, createdAt }: LoginRow): MatrixLogin => ({
    ...{ deviceId, name },
    createdAt: createdAt.toISOString(),
  })
  const userIdOf = (localpart: string) => `@${localpart}:${homeserver.serverName}`

  /** What the homeserver refuses is a fault here, and not the person's. */
  const asked = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw error instanceof HomeserverError && error.kind === 'away' ? AWAY() : error
    })

  async function requireAccount(userId: UserId): Promise<string> {
    const localpart = await localpartOf(userId)
    if (localpart !== null) return localpart
    throw new AppError('conflict', 'Your Matrix account is being made. Try again in a moment.')
  }

  return {
    async standing(userId: UserId): Promise<MatrixStanding> {
      const [localpart, rows] = await Promise.all([localpartOf(userId), store.list(userId)])
      const id = localpart === null ? null : userIdOf(localpart)
      return { isOn: true, homeserverUrl, userId: id, logins: rows.map(view) }
    },

    /** Throws `conflict` when there are too many. */
    async create(request: RequestInfo, { userId }: SessionPrincipal, name: string): Promise<MatrixLoginMade> {
      const localpart = await requireAccount(userId)
      if ((await store.list(userId)).length >= MOST_LOGINS)
        throw new AppError('conflict', `You have ${MOST_LOGINS} clients signed in, the most there can be.`)
      const deviceId = Buffer.from(clock.random(DEVICE_BYTES)).toString('hex').toUpperCase()
      const device = { id: deviceId, name, expires: false }
      const { accessToken } = await asked(homeserver.signIn(localpart, device))
      const sealed = seal.seal(accessToken, deviceId, clock.random)
      const row = { ...sealed, deviceId, userId, name, createdAt: new Date(clock.now()) }
      await store.add(row)
      const entry = { actor: userId, action: 'matrix_client_added', target: userId } as const
      await audit.record({ ...entry, address: request.address, detail: { name, deviceId } })
      return { accessToken, userId: userIdOf(localpart), homeserverUrl, login: view(row) }
    },

    /** Throws `not_found` for what is not one's own. */
    async revoke(request: RequestInfo, { userId }: SessionPrincipal, deviceId: string): Promise<void> {
      const row = await store.find(userId, deviceId)
      if (!row) throw new AppError('not_found', 'You have no such client. It may have been signed out.')
      const localpart = await localpartOf(userId)
      // With an account that is gone, its devices are.
      if (localpart !== null) await asked(endDevice({ localpart, deviceId, token: row, owner: deviceId }))
      await store.forget(userId, deviceId)
      const entry = { actor: userId, action: 'matrix_client_removed', target: userId } as const
      await audit.record({ ...entry, address: request.address, detail: { name: row.name, deviceId } })
    },
  }
}
