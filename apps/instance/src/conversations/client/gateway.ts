/**
 * Where the computer meets the process of its Matrix client: starts it when something is to be read or said, and ends it
 * when nothing has been for a while. What was asked of one that died is to be asked again.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { MatrixAccountKind } from '@matrixos/shared'
import { describeError, type Log } from '../../log.ts'
import type { Credentials } from '../keys.ts'
import {
  type Act,
  type EventSeen,
  type FromHost,
  fromHost,
  type RoomSeen,
  type ToHost,
} from './host-protocol.ts'

export interface MatrixClient {
  /** Resolves when all that waits for the account has been told. Rejects with a ClientProblem. */
  open(as: MatrixAccountKind): Promise<void>
  /** Resolves to the id of what came of it. Rejects with a ClientProblem. */
  perform(as: MatrixAccountKind, act: Act): Promise<string | null>
  stop(): void
}

export interface ClientEvents {
  onRoom(as: MatrixAccountKind, room: RoomSeen): void
  onEvent(as: MatrixAccountKind, event: EventSeen): void
  /** `null`: none any more. */
  onTrouble(words: string | null): void
}

export interface ClientOptions extends ClientEvents {
  credentials: () => Promise<'off' | 'pending' | Credentials>
  /** By room, the last event that is kept. */
  known: (as: MatrixAccountKind) => Promise<Record<string, string>>
  log: Log
  /** The program of the process. */
  entry?: string
}

/** `isAgain`: worth trying again by itself. */
export class ClientProblem extends Error {
  readonly isAgain: boolean
  constructor(message: string, isAgain = true) {
    super(message)
    this.isAgain = isAgain
  }
}

const IS_BUILT = import.meta.filename.endsWith('.mjs')
const ENTRY = join(import.meta.dirname, IS_BUILT ? 'conversations.mjs' : 'host-main.ts')
const FLAGS = [
  ...['--v8-pool-size=1', '--max-semi-space-size=4', '--max-old-space-size=192'],
  '--disable-warning=ExperimentalWarning',
]
const IDLE_MS = 60_000
const SYNCED_WITHIN_MS = 60_000
const ANSWER_WITHIN_MS = 60_000
const UNREACHABLE = 'Messages can’t come or go right now: the homeserver doesn’t answer.'
const LOST = 'The Matrix client was interrupted.'

interface Waiting {
  resolve: (id: string | null) => void
  reject: (error: Error) => void
}

interface Started {
  child: ChildProcess
  credentials: Credentials
  acts: Map<number, Waiting>
  synced: Map<MatrixAccountKind, PromiseWithResolvers<void>>
  idle: NodeJS.Timeout | undefined
}

export function createMatrixClient(options: ClientOptions): MatrixClient {
  const { credentials, known, onRoom, onEvent, onTrouble, log, entry = ENTRY } = options
  let current: Promise<Started> | undefined
  let number = 0

  const send = ({ child }: Started, message: ToHost) => {
    if (child.connected) child.send(message, () => undefined)
  }
  const end = (started: Started) => {
    clearTimeout(started.idle)
    send(started, { type: 'stop' })
    if (started.child.connected) started.child.disconnect()
  }
  const touch = (started: Started) => {
    clearTimeout(started.idle)
    started.idle = setTimeout(() => {
      if (started.acts.size > 0) touch(started)
      else end(started)
    }, IDLE_MS).unref()
  }

  function hear(started: Started, told: FromHost): void {
    if (told.type === 'log') log(told.message, told.details)
    else if (told.type === 'room') onRoom(told.as, told.room)
    else if (told.type === 'event') {
      touch(started)
      onEvent(told.as, told.event)
    } else if (told.type === 'synced') {
      onTrouble(null)
      started.synced.get(told.as)?.resolve()
    } else if (told.type === 'trouble') {
      // Unreachable, it tries again by itself; else another token, or another process, may do better.
      if (told.why === 'unreachable') onTrouble(UNREACHABLE)
      else end(started)
    } else {
      const asked = started.acts.get(told.number)
      started.acts.delete(told.number)
      if (told.type === 'done') asked?.resolve(told.id)
      else asked?.reject(new ClientProblem(told.problem.words, told.problem.isAgain))
    }
  }

  async function start(): Promise<Started> {
    const access = await credentials()
    if (typeof access === 'string') throw new ClientProblem(access)
    const child = fork(entry, [], { execArgv: FLAGS, env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const started: Started = {
      ...{ child, credentials: access, acts: new Map(), synced: new Map(), idle: undefined },
    }
    const over = () => {
      clearTimeout(started.idle)
      void current?.then((it) => {
        if (it === started) current = undefined
      })
      for (const { reject } of [...started.acts.values(), ...started.synced.values()])
        reject(new ClientProblem(LOST))
      started.acts.clear()
      started.synced.clear()
    }
    child.on('message', (message) => {
      // What strangers write comes in here: none of it may end this computer.
      const told = fromHost.safeParse(message)
      if (told.success) hear(started, told.data)
      else log('the Matrix client told something that cannot be read', { problem: told.error.message })
    })
    child.on('error', (error) => {
      log('the Matrix client cannot start', describeError(error))
      over()
    })
    child.on('exit', over)
    touch(started)
    return started
  }

  async function running(): Promise<Started> {
    if (current && !(await current.catch(() => null))?.child.connected) current = undefined
    current ??= start()
    const mine = current
    mine.catch(() => {
      if (current === mine) current = undefined
    })
    return mine
  }

  async function opened(as: MatrixAccountKind): Promise<Started> {
    const started = await running()
    touch(started)
    let synced = started.synced.get(as)
    if (!synced) {
      synced = Promise.withResolvers<void>()
      synced.promise.catch(() => undefined)
      started.synced.set(as, synced)
      const { homeserverUrl, storageKey, folder, accounts } = started.credentials
      const { userId, deviceId, accessToken } = accounts[as]
      const account = { as, homeserverUrl, storageKey, folder, userId, deviceId, accessToken }
      send(started, { type: 'open', account: { ...account, known: await known(as) } })
    }
    await within(synced.promise, SYNCED_WITHIN_MS)
    return started
  }

  return {
    open: async (as) => void (await opened(as)),
    async perform(as, act) {
      const started = await opened(as)
      if (!started.child.connected) throw new ClientProblem(LOST)
      const mine = ++number
      const answer = new Promise<string | null>((resolve, reject) => {
        started.acts.set(mine, { resolve, reject })
        send(started, { type: 'act', number: mine, as, act })
      })
      return within(answer, ANSWER_WITHIN_MS).finally(() => {
        started.acts.delete(mine)
        touch(started)
      })
    },
    stop: () => void current?.then(end, () => undefined),
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new ClientProblem(UNREACHABLE)), ms).unref()
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
