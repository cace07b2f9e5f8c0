/** The page's own WebSocket: it says that somebody is here. */
import type { WebSocket } from 'ws'
import { parseJson } from '../notes/socket.ts'
import type { ShellEvent } from '../protocol.ts'
import { shellRequest } from '../requests.ts'

export async function serveShell(socket: WebSocket): Promise<void> {
  const send = (event: ShellEvent) => socket.send(JSON.stringify(event))
  socket.on('message', (data) => {
    const { success } = shellRequest.safeParse(parseJson(String(data)))
    if (success) send({ type: 'pong' })
    else socket.close(1008, 'Not a message of the shell')
  })
  send({ type: 'hello' })
}
