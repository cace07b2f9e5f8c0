/** The shell's own corner of the computer: its state, what it is, notifications, and who is at the page. */
import type { createCredits } from '../ai/credits.ts'
import { beginRun } from '../boot/run.ts'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { readJson } from '../http/json-body.ts'
import { answering, type Route } from '../http/routes.ts'
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
  routes: readonly Route[]
  socketFor(visitor: Visitor): ServeSocket
  /** Told on the owner's devices, when nobody is at the page. Never rejects. */
  notifyAway(message: PushMessage): Promise<void>
  stop(): Promise<void>
}

export interface ShellRoomOptions {
  settings: Settings
  root: string
  write: WriteAtomic
  credits: ReturnType<typeof createCredits>
  log: Log
}

const LARGEST_CHANGE_BYTES = 256 * 1024

export async function openShellRoom(options: ShellRoomOptions): Promise<ShellRoom> {
  const { settings, root, write, credits, log } = options
  const { handle, displayName, image, externalOrigin: origin } = settings
  const file = openShellFile(root, write)
  const run = await beginRun(root)
  const sockets = createShellSockets(run, async () => (await file.read()).look)
  const isSomebodyHere = sockets.isOwnerHere
  const push = await openPush({ root, write, credits, handle, origin, isSomebodyHere, log })
  const routes = [
    answering({ method: 'GET', path: '/api/shell', who: 'owner' }, file.read),
    answering({ method: 'PUT', path: '/api/shell', who: 'owner' }, async ({ request }) => {
      const change = await readJson(request, shellChange, LARGEST_CHANGE_BYTES)
      const { look } = await file.change(change)
      if (change.look) sockets.tellLook(look)
      return {}
    }),
    answering({ method: 'GET', path: '/api/about', who: 'owner' }, () =>
      describeComputer({ root, handle, displayName, image }),
    ),
    ...pushRoutes(push, handle),
  ]

  return {
    routes,
    socketFor: sockets.serve,
    async notifyAway(message) {
      if (isSomebodyHere()) return
      await push.notifier.send(message).catch((error) => log('notification failed', describeError(error)))
    },
    async stop() {
      push.stop()
      await run.end()
    },
  }
}
