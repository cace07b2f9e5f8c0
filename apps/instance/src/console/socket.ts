/** The console over a WebSocket: one session per connection, one line after the other. */
import { stat } from 'node:fs/promises'
import type { WebSocket } from 'ws'
import { type Home, show } from '../files/home.ts'
import { parseJson } from '../notes/socket.ts'
import type { ConsoleEvent } from '../protocol.ts'
import { consoleRequest } from '../requests.ts'
import { complete } from './complete.ts'
import type { History } from './history.ts'
import { createSession, type SessionOptions } from './session.ts'

const HISTORY_SENT = 200

export interface ConsoleOptions extends Omit<SessionOptions, 'cwd' | 'history' | 'remember'> {
  history: History
  /** For a viewer, whose home refuses every change. */
  isReadOnly: boolean
  /** Called after each line, which may have changed any file. */
  onRun: () => Promise<void>
  /** Told of what no line should cause; the connection is closed with 1011. */
  onFailure: (error: unknown) => void
}

/** `folder`: where the page's console was before its connection broke, as it was shown. */
export async function serveConsole(
  socket: WebSocket,
  folder: string,
  options: ConsoleOptions,
): Promise<void> {
  const { history, isReadOnly, onRun, onFailure, ...rest } = options
  const cwd = await folderOrHome(rest.home, folder)
  const session = createSession({ ...rest, cwd, history: history.lines, remember: history.remember })
  const send = (event: ConsoleEvent) => socket.send(JSON.stringify(event))
  let queue: Promise<unknown> = Promise.resolve()

  socket.on('message', (data) => {
    const parsed = consoleRequest.safeParse(parseJson(String(data)))
    if (!parsed.success) return socket.close(1008, 'Not a message of the console')
    const request = parsed.data
    if (request.type === 'ping') return send({ type: 'pong' })
    queue = queue
      .then(async () => {
        if (request.type === 'complete') {
          const completion = await complete(request.line, { home: rest.home, cwd: session.cwd })
          return send({ type: 'completions', line: request.line, ...completion })
        }
        send({ type: 'result', ...(await session.run(request.line)) })
        await onRun()
      })
      .catch((error) => {
        onFailure(error)
        socket.close(1011)
      })
  })
  const { handle } = rest.owner
  send({ type: 'welcome', handle, cwd: show(cwd), history: history.lines.slice(-HISTORY_SENT), isReadOnly })
}

async function folderOrHome(home: Home, folder: string): Promise<string> {
  try {
    const located = home.locate('', folder)
    return (await stat(await home.existing(located))).isDirectory() ? located : ''
  } catch {
    return ''
  }
}
