/** The way to the terminals, of which nothing is loaded before somebody comes. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { DenylistDoor } from '../denylist/door.ts'
import type { Settings } from '../env.ts'
import { describeError, type Log } from '../log.ts'
import type { PushMessage } from '../push/protocol.ts'
import { shellEnvironment } from './environment.ts'
import { messageOf } from './finished.ts'
import type { Terminals } from './gateway.ts'

export interface TerminalDoorOptions {
  settings: Pick<Settings, 'terminal' | 'handle' | 'shellEnvironment'>
  /** Folder of the home. */
  home: string
  /** Tells the owner, when they are away. */
  notifyAway: (message: PushMessage) => Promise<void>
  denied: Pick<DenylistDoor, 'follow'>
  log: Log
}

/** What ends sooner, its owner has hardly turned away from. */
const LONG_MS = 10_000

/** `null`: this computer has no terminals. */
export function createTerminalDoor({ settings, home, notifyAway, denied, log }: TerminalDoorOptions) {
  const { terminal, handle, shellEnvironment: given } = settings
  if (terminal.kind !== 'pty') return null
  const { shell } = terminal
  const environment = shellEnvironment({ handle, home, shell, given })
  let opened: Promise<Terminals> | undefined
  const open = () => {
    opened ??= import('./gateway.ts').then(({ createTerminals }) =>
      createTerminals({
        ...{ home, shell, environment, log, longMs: LONG_MS },
        onStart: denied.follow,
        onUnseenEnd: (run) => void notifyAway(messageOf(handle, run)),
      }),
    )
    return opened
  }
  return {
    upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
      open().then(
        (terminals) => terminals.upgrade(request, stream, head),
        (error) => {
          opened = undefined
          log('terminals failed', describeError(error))
          stream.destroy()
        },
      )
    },
    stop: async (): Promise<void> => (await opened)?.stop(),
  }
}
