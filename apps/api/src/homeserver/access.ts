/** What an instance is told of its accounts: where the homeserver is, who it is there, and its tokens. */
import { createHash } from 'node:crypto'
import type { InstanceId, MatrixAccess, MatrixAccount, MatrixAccountKind } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import type { Seal } from '../seal.ts'
import type { AccountRow, AccountStore } from './accounts-store.ts'
import { createEndDevice, tokenIn } from './end-device.ts'

/** Of a token's life, after which it is renewed. */
const USED_SHARE = 0.5
const RETRY_S = 5
const DEVICE_NAME = 'Matrix OS computer'

export interface AccessOptions {
  homeserver: Pick<Homeserver, 'signIn' | 'signOut' | 'serverName'>
  store: Pick<AccountStore, 'made' | 'keepToken' | 'nextDevice'>
  seal: Seal
  /** Lets one process at a time sign an account in; `false`: another is about to. */
  hold: (localpart: string) => Promise<boolean>
  release: (localpart: string) => Promise<void>
  /** Of the instance's token for AI calls; `undefined`: there is no such instance. */
  generationOf: (id: InstanceId) => number | undefined
  /** Where instances reach the homeserver. */
  homeserverUrl: string
  clock: Pick<Clock, 'now' | 'random'>
  log: Log
}

/** The same for as long as the instance keeps its keys; tells nobody which instance it is. */
const deviceIdOf = ({ instanceId, kind, device }: AccountRow): string =>
  `MOS${createHash('sha256').update(`${instanceId} ${kind} ${device}`).digest('hex').slice(0, 12).toUpperCase()}`

const PENDING: MatrixAccess = { state: 'pending', retryAfterS: RETRY_S }

/** Ends the device that an account had: others would go on writing to it. Where that fails, its token ends by itself. */
function createEndLost({ homeserver, seal, log }: Pick<AccessOptions, 'homeserver' | 'seal' | 'log'>) {
  const endDevice = createEndDevice({ homeserver, open: seal.open, log })
  return async (row: AccountRow): Promise<void> => {
    const { keyVersion, iv, ciphertext, localpart } = row
    if (keyVersion === null || !iv || !ciphertext) return
    const token = { keyVersion, iv, ciphertext }
    await endDevice({ localpart, deviceId: deviceIdOf(row), token, owner: localpart }).catch(
      (error: unknown) => log.warn({ err: error, instance: row.instanceId }, 'a lost device stays'),
    )
  }
}

export function createMatrixAccess(options: AccessOptions) {
  const { homeserver, store, seal, hold, release, generationOf, homeserverUrl, clock, log } = options
  const endLost = createEndLost(options)

  function account(row: AccountRow, accessToken: string, renewAt: Date | null): MatrixAccount {
    const userId = `@${row.localpart}:${homeserver.serverName}`
    return { userId, accessToken, deviceId: deviceIdOf(row), renewAt: renewAt?.toISOString() ?? null }
  }

  function kept(row: AccountRow, generation: number): MatrixAccount | null {
    const { keyVersion, iv, ciphertext, tokenGeneration, renewAt } = row
    if (keyVersion === null || !iv || !ciphertext || tokenGeneration !== generation) return null
    if (renewAt && renewAt.getTime() <= clock.now()) return null
    const token = tokenIn(seal.open, { keyVersion, iv, ciphertext }, row.localpart)
    return token === null ? null : account(row, token, renewAt)
  }

  async function signIn(row: AccountRow, generation: number): Promise<MatrixAccount> {
    const device = { id: deviceIdOf(row), name: DEVICE_NAME, expires: true }
    const { accessToken, lifeMs } = await homeserver.signIn(row.localpart, device)
    const renewAt = lifeMs === null ? null : new Date(clock.now() + lifeMs * USED_SHARE)
    const sealed = seal.seal(accessToken, row.localpart, clock.random)
    await store.keepToken(row, { ...sealed, tokenGeneration: generation, renewAt })
    return account(row, accessToken, renewAt)
  }

  async function tokenOf(row: AccountRow, generation: number): Promise<MatrixAccount | null> {
    const present = kept(row, generation)
    if (present) return present
    if (!(await hold(row.localpart))) return null
    try {
      // Whoever had it in hand until now may have signed it in: its device would lose the token that was just given out.
      const now = (await store.made(row.instanceId)).find(({ localpart }) => localpart === row.localpart)
      return (now && kept(now, generation)) ?? (await signIn(now ?? row, generation))
    } finally {
      await release(row.localpart)
    }
  }

  async function access(instanceId: InstanceId): Promise<MatrixAccess> {
    const generation = generationOf(instanceId)
    const rows = await store.made(instanceId)
    const rowOf = (kind: MatrixAccountKind) => rows.find((row) => row.kind === kind)
    const [person, ai] = [rowOf('person'), rowOf('ai')]
    if (generation === undefined || !person || !ai) return PENDING
    try {
      const accounts = { person: await tokenOf(person, generation), ai: await tokenOf(ai, generation) }
      if (!accounts.person || !accounts.ai) return PENDING
      const { serverName } = homeserver
      return { state: 'ready', homeserverUrl, serverName, person: accounts.person, ai: accounts.ai }
    } catch (error) {
      if (!(error instanceof HomeserverError)) throw error
      log.warn({ err: error, instance: instanceId }, 'a computer was given no access to the homeserver')
      return PENDING
    }
  }

  return {
    access,
    /** Its keys are lost: devices that nobody knows, with tokens of their own. */
    async newDevice(instanceId: InstanceId): Promise<MatrixAccess> {
      for (const row of await store.made(instanceId)) await endLost(row)
      await store.nextDevice(instanceId)
      return access(instanceId)
    },
  }
}
