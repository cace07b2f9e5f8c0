/** The shell's own corner of the computer: its state, what it is, notifications, and who is at the page. */
import type { createCredits } from '../ai/credits.ts'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { answer, createJsonRoute, refuse } from '../http/json-routes.ts'
import { createRouter, type Dispatch } from '../http/routes.ts'
import type { ServeSocket } from '../http/sockets.ts'
import type { Visitor } from '../http/visitor.ts'
import { describeError, type Log } from '../log.ts'
import { openPush } from '../push/module.ts'
import type { PushMessage } from '../push/protocol.ts'
import { pushRoutes } from '../push/routes.ts'
import { describeComputer } from './about.ts'
import { shellChange } from './protocol.ts'
import { createShellSockets } from './socket.ts'
import { openShellFile } from './state.ts'

export interface ShellRoom {
  dispatch: Dispatch
  socketFor(visitor: Visitor): ServeSocket
  /** Told on the owner's devices, when nobody is at the page. Never rejects. */
  notifyAway(message: PushMessage): Promise<void>
  stop(): void
}

export interface ShellRoomOptions {
  settings: Settings
  root: string
  write: WriteAtomic
  credits: ReturnType<typeof createCredits>
  log: Log
}

export async function openShellRoom(options: ShellRoomOptions): Promise<ShellRoom> {
  const { settings, root, write, credits, log } = options
  const { handle, displayName, image, externalOrigin: origin } = settings
  const file = openShellFile(root, write)
  const sockets = createShellSockets()
  const isSomebodyHere = sockets.isOwnerHere
  const push = await openPush({ root, write, credits, handle, origin, isSomebodyHere, log })
  const json = createJsonRoute(log)
  const routes = [
    json('GET', '/api/shell', async () => answer(await file.read())),
    json('PUT', '/api/shell', async (body) => {
      const change = shellChange.safeParse(await body())
      if (!change.success) return refuse(400, 'That is no state of the shell.')
      await file.change(change.data)
      return answer({})
    }),
    json('GET', '/api/about', async () =>
      answer(await describeComputer({ root, handle, displayName, image })),
    ),
    ...pushRoutes(push, handle, json),
  ]

  return {
    dispatch: createRouter(routes, settings),
    socketFor: sockets.serve,
    async notifyAway(message) {
      if (isSomebodyHere()) return
      await push.notifier.send(message).catch((error) => log('notification failed', describeError(error)))
    },
    stop: push.stop,
  }
}
