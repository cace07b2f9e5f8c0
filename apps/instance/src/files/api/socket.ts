/** `/ws/files`: one page's view of what changes. */
import type { WebSocket } from 'ws'
import { parseJson } from '../../notes/socket.ts'
import { type WatchEvent, watchRequest } from './protocol.ts'
import type { Tree } from './tree.ts'
import type { Watcher } from './watch.ts'

export function serveWatch(socket: WebSocket, tree: Tree, watcher: Watcher): void {
  const send = (event: WatchEvent) => socket.send(JSON.stringify(event))
  const watching = watcher.join(tree, (path) => send({ type: 'changed', path }))
  let last: Promise<unknown> = Promise.resolve()
  socket.on('close', () => watching.close())
  socket.on('message', (data) => {
    const parsed = watchRequest.safeParse(parseJson(String(data)))
    if (!parsed.success) return socket.close(1008, 'Not a message of the files')
    const request = parsed.data
    if (request.type === 'ping') return send({ type: 'pong' })
    last = last.then(async () => send({ type: 'watching', refused: await watching.set(request.paths) }))
  })
}
