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
  let waiting = 0
  const watch = async (paths: readonly string[]) => {
    send({ type: 'watching', refused: await watching.set(paths) })
    if (--waiting === 0) socket.resume()
  }
  socket.on('close', () => watching.close())
  socket.on('message', (data) => {
    const parsed = watchRequest.safeParse(parseJson(String(data)))
    if (!parsed.success) return socket.close(1008, 'Not a message of the files')
    const request = parsed.data
    if (request.type === 'ping') return send({ type: 'pong' })
    // Nothing more is read while one is at work: who asks faster than that waits, and piles up nothing here.
    waiting++
    socket.pause()
    last = last.then(() => watch(request.paths))
  })
}
