/** The page's own WebSocket: open as long as somebody is there. */
import type { Run } from '../boot/run.ts'
import type { ServeSocket } from '../http/sockets.ts'
import type { Visitor } from '../http/visitor.ts'
import { parseJson } from '../notes/socket.ts'
import type { ShellEvent } from '../protocol.ts'
import { shellRequest } from '../requests.ts'

export function createShellSockets({ id: run, isAfterCrash }: Pick<Run, 'id' | 'isAfterCrash'>) {
  let owners = 0
  return {
    /** A page that nobody has looked at for a minute has let go. */
    isOwnerHere: () => owners > 0,
    serve:
      ({ role }: Visitor): ServeSocket =>
      async (socket) => {
        const send = (event: ShellEvent) => socket.send(JSON.stringify(event))
        if (role === 'owner') {
          owners++
          socket.on('close', () => owners--)
        }
        socket.on('message', (data) => {
          const { success } = shellRequest.safeParse(parseJson(String(data)))
          if (success) send({ type: 'pong' })
          else socket.close(1008, 'Not a message of the shell')
        })
        send({ type: 'hello', run, isAfterCrash })
      },
  }
}
