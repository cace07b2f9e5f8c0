/** The page's own WebSocket: open as long as somebody is there. */
import type { WebSocket } from 'ws'
import type { Run } from '../boot/run.ts'
import type { ServeSocket } from '../http/sockets.ts'
import type { Visitor } from '../http/visitor.ts'
import { parseJson } from '../notes/socket.ts'
import type { ShellEvent } from '../protocol.ts'
import { shellRequest } from '../requests.ts'
import type { Look } from './look.ts'

/** `readLook`: as it is kept now. */
export function createShellSockets(
  { id: run, isAfterCrash }: Pick<Run, 'id' | 'isAfterCrash'>,
  readLook: () => Promise<Look>,
) {
  const owners = new Set<WebSocket>()
  const tell = (socket: WebSocket, event: ShellEvent) => socket.send(JSON.stringify(event))
  return {
    /** A page that nobody has looked at for a minute has let go. */
    isOwnerHere: () => owners.size > 0,
    /** In the order in which they were kept: the last one counts. */
    tellLook(look: Look): void {
      for (const socket of owners) tell(socket, { type: 'look', look })
    },
    serve:
      ({ role }: Visitor): ServeSocket =>
      async (socket) => {
        socket.on('message', (data) => {
          const { success } = shellRequest.safeParse(parseJson(String(data)))
          if (success) tell(socket, { type: 'pong' })
          else socket.close(1008, 'Not a message of the shell')
        })
        tell(socket, { type: 'hello', run, isAfterCrash })
        if (role !== 'owner') return
        owners.add(socket)
        socket.on('close', () => owners.delete(socket))
        // It may have changed while this page was away. A home that cannot be read is told of elsewhere.
        const look = await readLook().catch(() => null)
        if (look) tell(socket, { type: 'look', look })
      },
  }
}
