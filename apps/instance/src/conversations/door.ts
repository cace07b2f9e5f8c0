/** The way to conversations, of which nothing is loaded before somebody looks, or something waits at the homeserver. */
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { matrixCall, PLATFORM_API } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { readJson } from '../http/json-body.ts'
import { type Dispatch, lazyRoom } from '../http/routes.ts'
import type { ServeSocket } from '../http/sockets.ts'
import { describeError, type Log } from '../log.ts'
import { once } from '../once.ts'
import type { Report } from '../work-report.ts'
import type { Ask } from './ask-others.ts'
import { stateFile } from './places.ts'
import { CONVERSATIONS_API } from './protocol.ts'

export interface ConversationsDoorOptions {
  settings: Settings
  root: string
  write: WriteAtomic
  /** With others that are at work. */
  share: (report: Report) => Report
  now: () => Date
  log: Log
}

export interface ConversationsDoor {
  dispatch: Dispatch
  serve: ServeSocket
  ask: Ask
  /** What the platform hands over; `false`: it is for somebody else. */
  take(request: IncomingMessage, path: string): Promise<boolean>
  stop(): Promise<void>
}

/** Whoever opened this computer goes first. */
const AFTER_MS = 500

export function createConversationsDoor(options: ConversationsDoorOptions): ConversationsDoor {
  const { settings, root, log } = options
  let isOpened = false
  const open = once(async () => {
    const { openConversationsRoom } = await import('./room.ts')
    isOpened = true
    return openConversationsRoom(options)
  })
  // What the run before left is gone on with; who never talked has nothing to go on with.
  const begin = () => {
    if (existsSync(stateFile(root)))
      void open().catch((error) => log('conversations cannot be opened', describeError(error)))
  }
  const timer = settings.platform ? setTimeout(begin, AFTER_MS).unref() : undefined
  return {
    dispatch: lazyRoom(CONVERSATIONS_API, async () => (await open()).dispatch),
    serve: async (socket) => (await open()).watch(socket),
    ask: async (asked) => (await open()).ask(asked),
    async take(request, path) {
      if (path !== `${PLATFORM_API}/matrix`) return false
      const call = await readJson(request, matrixCall)
      await (await open()).take(call)
      return true
    },
    async stop() {
      clearTimeout(timer)
      if (isOpened) await (await open()).stop()
    },
  }
}
