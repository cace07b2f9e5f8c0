/** The shell's own corner of the computer: its state, what it is, notifications, and who is at the page. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { createCredits } from '../ai/credits.ts'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { inPlainWords } from '../files/plain-words.ts'
import { readJson } from '../http/json-body.ts'
import { done, type Routes, wrong } from '../http/json-routes.ts'
import { isOwnWrite } from '../http/own-write.ts'
import { sendJson } from '../http/pages.ts'
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
  /** Whether it was answered. */
  serve(path: string, request: IncomingMessage, response: ServerResponse, visitor: Visitor): Promise<boolean>
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

const LARGEST_BODY = 256 * 1024

export async function openShellRoom(options: ShellRoomOptions): Promise<ShellRoom> {
  const { settings, root, write, credits, log } = options
  const { handle, displayName, image } = settings
  const file = openShellFile(root, write)
  const sockets = createShellSockets()
  const push = await openPush({
    root,
    write,
    credits,
    handle,
    origin: settings.externalOrigin,
    isSomebodyHere: sockets.isOwnerHere,
    log,
  })
  const routes: Routes = {
    '/api/shell': {
      GET: async () => ({ status: 200, body: await file.read() }),
      PUT: async ({ body }) => {
        const change = shellChange.safeParse(await body())
        if (!change.success) return wrong('That is no state of the shell.')
        await file.change(change.data)
        return done
      },
    },
    '/api/about': {
      GET: async () => ({
        status: 200,
        body: await describeComputer({ root, handle, displayName, image }),
      }),
    },
    ...pushRoutes(push, handle),
  }

  return {
    async serve(path, request, response, visitor) {
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined
      if (!route) return false
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
      const answer = route[method]
      if (visitor.role !== 'owner') sendJson(response, 403, { message: 'This is for the owner alone.' })
      else if (!answer) sendJson(response, 405, { message: 'This cannot be done here.' })
      else if (method !== 'GET' && !isOwnWrite(request, settings)) {
        sendJson(response, 403, { message: 'Only this computer’s own page can change this.' })
      } else {
        const { status, body } = await answer({ body: () => readJson(request, LARGEST_BODY) }).catch(
          (error) => {
            log('shell failed', { path, ...describeError(error) })
            return { status: statusOf(error), body: { message: inPlainWords(error, 'The shell') } }
          },
        )
        sendJson(response, status, body)
      }
      return true
    },
    socketFor: sockets.serve,
    async notifyAway(message) {
      if (sockets.isOwnerHere()) return
      await push.notifier.send(message).catch((error) => log('notification failed', describeError(error)))
    },
    stop: push.stop,
  }
}

const FULL = ['ENOSPC', 'EDQUOT']

const statusOf = (error: unknown): number =>
  error instanceof Error && 'code' in error && FULL.includes(String(error.code)) ? 507 : 500
