/** The WebSockets that a visitor may open. */
import { createAsk } from './ai/ask.ts'
import type { AppsDoor } from './apps/door.ts'
import { APPS_SOCKET_PATH } from './apps/protocol.ts'
import { type History, noHistory } from './console/history.ts'
import { serveConsole } from './console/socket.ts'
import type { ConversationsDoor } from './conversations/door.ts'
import { CONVERSATIONS_SOCKET_PATH } from './conversations/protocol.ts'
import type { Settings } from './env.ts'
import type { FilesRoom } from './files/api/room.ts'
import type { WriteAtomic } from './files/atomic.ts'
import type { Home } from './files/home.ts'
import { PlainError } from './files/plain-words.ts'
import type { ServeSocket } from './http/sockets.ts'
import type { Visitor } from './http/visitor.ts'
import { describeError, type Log } from './log.ts'
import type { NotesHub } from './notes/socket.ts'
import { CONSOLE_PATH, FILES_SOCKET_PATH, NOTES_PATH, SHELL_PATH } from './protocol.ts'
import type { ShellRoom } from './shell/room.ts'

export interface DoorsOptions {
  settings: Settings
  now: () => Date
  log: Log
  home: Home
  /** The home as a visitor sees it. */
  homeOf: (visitor: Visitor) => Home
  apps: AppsDoor
  files: () => Promise<FilesRoom>
  conversations: ConversationsDoor
  write: WriteAtomic
  history: History
  hub: NotesHub
  shell: ShellRoom
}

/** What a viewer asked would be paid with the owner's credits. */
const refuseToAsk = async (): Promise<never> => {
  throw new PlainError('Only the owner of this computer can ask its AI.')
}

export function createDoors(options: DoorsOptions) {
  const { settings, home, homeOf, apps, files, write, now, history, hub, shell, log } = options
  const { handle, displayName } = settings
  const ask = createAsk(settings.ai)
  const consoleOf = (visitor: Visitor) =>
    visitor.role === 'owner'
      ? { home, history, ask, isReadOnly: false }
      : {
          home: homeOf(visitor),
          history: noHistory(),
          ask: refuseToAsk,
          isReadOnly: true,
        }

  return (visitor: Visitor): Record<string, ServeSocket> => ({
    ...(visitor.role === 'owner' || visitor.canUseNotes
      ? { [NOTES_PATH]: (socket) => hub.join(socket) }
      : {}),
    ...(visitor.role === 'owner' ? { [CONVERSATIONS_SOCKET_PATH]: options.conversations.serve } : {}),
    [APPS_SOCKET_PATH]: async (socket) => (await apps.open()).watch(socket),
    [SHELL_PATH]: shell.socketFor(visitor),
    [FILES_SOCKET_PATH]: async (socket) => (await files()).watch(socket, visitor),
    [CONSOLE_PATH]: (socket, url) =>
      serveConsole(socket, url.searchParams.get('folder') ?? '~', {
        ...consoleOf(visitor),
        write,
        now,
        owner: { handle, displayName },
        onRun: hub.refresh,
        onFailure: (error) => log('console failed', describeError(error)),
      }),
  })
}
