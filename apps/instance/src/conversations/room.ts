/** Conversations of people and their AIs, wired once, when somebody looks or something waits at the homeserver. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { MATRIX_ACCOUNT_KINDS, type MatrixAccountKind, type MatrixCall } from '@matrixos/shared'
import type { WebSocket } from 'ws'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { createRouter, type Dispatch } from '../http/routes.ts'
import { describeError, type Log } from '../log.ts'
import type { Report } from '../work-report.ts'
import { createAdmission } from './admission.ts'
import { createAnswering } from './answering.ts'
import { createApart } from './apart.ts'
import { type Ask, createAskOthers } from './ask-others.ts'
import { type AskAi, createAsking } from './asking.ts'
import { createBusy } from './busy.ts'
import { createMatrixClient, type MatrixClient } from './client/gateway.ts'
import { byTime, type Conversations, createConversations } from './conversations.ts'
import { createCredentials } from './keys.ts'
import { createLeaving } from './leaving.ts'
import { type Messages, openMessages } from './messages.ts'
import { createOutbox } from './outbox.ts'
import { makeFolders } from './places.ts'
import { type ConversationsPlatform, createConversationsPlatform } from './platform.ts'
import type { ConversationsEvent } from './protocol.ts'
import { conversationRoutes } from './routes.ts'
import { createSeeing } from './seeing.ts'
import { createStanding } from './standing.ts'
import { openState } from './state.ts'

export interface ConversationsRoom {
  dispatch: Dispatch
  watch(socket: WebSocket): void
  /** Something waits at the homeserver. Resolves when it is on the disk that it does. */
  take(call: MatrixCall): Promise<void>
  /** Asks somebody's AI, for this computer's own. Rejects with a PlainError that says why there is no answer. */
  ask: Ask
  /** When nothing is under way. */
  settled(): Promise<void>
  /** Resolves when what was being written is. */
  stop(): Promise<void>
}

export interface ConversationsRoomOptions {
  settings: Pick<Settings, 'handle' | 'displayName' | 'ai' | 'platform' | 'externalOrigin'>
  root: string
  write: WriteAtomic
  now: () => Date
  log: Log
  platform?: ConversationsPlatform
  createClient?: typeof createMatrixClient
  askAi?: AskAi
  mostUnread?: number
  /** Until an answer that failed is tried again. */
  answerRetryMs?: number
  /** How long it is known whether somebody is blocked. */
  knownForMs?: number
  /** With others that are at work. */
  share?: (report: Report) => Report
  /** For what comes one sync after what woke this computer. */
  lingerMs?: number
}

const PING = JSON.stringify({ type: 'ping' })
/** A page that hears nothing after one takes the connection for dead, and makes another. */
const answerPings = (socket: WebSocket): WebSocket =>
  socket.on('message', (data) => String(data) === PING && socket.send(JSON.stringify({ type: 'pong' })))
const MOST_UNREAD = 1_000
const LINGER_MS = 8_000
/** Within the time that the computer itself has left before it is killed. */
const STOP_WITHIN_MS = 2_000
const LONGEST_RETRY_MS = 60_000
const FIRST_RETRY_MS = 1_000

export async function openConversationsRoom(options: ConversationsRoomOptions): Promise<ConversationsRoom> {
  const { settings, root, write, now, log, lingerMs = LINGER_MS } = options
  const { platform = createConversationsPlatform(settings.platform), createClient = createMatrixClient } =
    options
  await makeFolders(root)
  const over = new AbortController()
  const state = await openState(root, write)
  const messages = openMessages(root)
  const sockets = new Set<WebSocket>()
  const tell = (event: ConversationsEvent) => {
    for (const socket of sockets) socket.send(JSON.stringify(event))
  }
  const standing = createStanding({ tell, matrix: platform.matrix })
  const { stand } = standing
  const busy = createBusy(options.share?.(platform.report) ?? platform.report, log)
  const conversations = createConversations({ state, messages, tell, now })
  const keys = createCredentials({ root, write, platform, random: randomBytes })
  let serverName = ''
  const own = { person: '', ai: '' }
  const credentials = async () => {
    const known = await keys()
    if (typeof known !== 'string') {
      serverName = known.serverName
      for (const as of MATRIX_ACCOUNT_KINDS) own[as] = known.accounts[as].userId
    }
    stand({ state: typeof known === 'string' ? known : 'ready' })
    return known
  }
  const raw: MatrixClient = createClient({
    ...{ credentials, log },
    onRoom: (as, room) => seeing.room(as, room, serverName),
    onEvent: (as, event) => seeing.event(as, event),
    onTrouble: (trouble) => stand({ trouble }),
    known: (as) => lastEvents(as, conversations, messages),
  })
  const client: Pick<MatrixClient, 'open' | 'perform'> = {
    ...raw,
    async open(as) {
      await raw.open(as)
      await seeing.settled()
    },
  }
  const outbox = createOutbox({ client, conversations, messages, during: busy.during, now, log })
  const admits = createAdmission({ platform, settings: () => state.now().settings })
  const onChange = (id: string) => {
    answering.look(id)
    outbox.kick(id)
  }
  const isApart = createApart({ platform, now, log, knownForMs: options.knownForMs })
  const leaving = createLeaving({ state, client: () => raw })
  const seeing = createSeeing({
    ...{ client: () => raw, conversations, messages, admits, isApart, onChange, log, isLeaving: leaving.has },
    ...{ own: (as) => own[as], mostUnread: options.mostUnread ?? MOST_UNREAD },
  })
  const answering = createAnswering({
    ...{ conversations, messages, send: outbox.kick, during: busy.during, now, log },
    settings: () => state.now().settings,
    ask: options.askAi ?? createAsking({ ...settings, root }),
    retryMs: options.answerRetryMs,
  })
  const others = createAskOthers({ platform, state, conversations, messages, outbox, now })

  /** Until all that waits for the account has been seen. */
  async function settle(as: MatrixAccountKind): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !over.signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        await client.open(as)
        await leaving.run(as)
        await delay(lingerMs, undefined, { signal: over.signal, ref: false })
        await seeing.settled()
        await answering.settled()
        await state.change((all) => ({ ...all, owed: all.owed.filter((each) => each !== as) }))
        return
      } catch (error) {
        if (over.signal.aborted) return
        log('messages were not read', describeError(error))
        await delay(wait, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
      }
    }
  }
  const settling = new Map<MatrixAccountKind, Promise<void>>()
  const begin = (as: MatrixAccountKind) => {
    if (settling.has(as)) return
    settling.set(
      as,
      busy.during(settle(as)).finally(() => settling.delete(as)),
    )
  }
  async function take(call: MatrixCall): Promise<void> {
    const owed = MATRIX_ACCOUNT_KINDS.filter((as) => call[as])
    await state.change((all) => ({ ...all, owed: [...new Set([...all.owed, ...owed])] }))
    for (const as of owed) begin(as)
  }
  for (const as of new Set([...state.now().owed, ...state.now().leaving.map((each) => each.as)])) begin(as)
  for (const { id } of conversations.all()) answering.look(id)
  await outbox.resume()

  const routes = conversationRoutes({
    ...{ state, conversations, messages, outbox, platform, client, now, onChange, leaving, owe: take },
    standing: standing.read,
  })
  return {
    dispatch: createRouter(routes, { settings, log }),
    watch(socket) {
      sockets.add(answerPings(socket))
      socket.on('close', () => sockets.delete(socket))
    },
    take,
    ask: others.ask,
    async settled() {
      await Promise.all(settling.values())
      await answering.settled()
      await outbox.settled()
    },
    async stop() {
      over.abort()
      answering.stop()
      outbox.stop()
      busy.stop()
      raw.stop()
      // What is being written has a moment; the rest goes on with the next start.
      const written = [answering.settled(), outbox.settled(), seeing.settled(), ...settling.values()]
      await Promise.race([Promise.all(written), delay(STOP_WITHIN_MS, undefined, { ref: false })])
    },
  }
}

/** By room, the last event that is kept. */
async function lastEvents(
  as: MatrixAccountKind,
  conversations: Conversations,
  messages: Messages,
): Promise<Record<string, string>> {
  const rooms: Record<string, string> = {}
  for (const one of conversations.all().filter((each) => each.as === as))
    for (const { roomId, eventId } of (await messages.of(one.id)).all().toSorted(byTime))
      if (roomId !== null && eventId !== null) rooms[roomId] = eventId
  return rooms
}
