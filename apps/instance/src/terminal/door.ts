/** The way to the terminals, of which nothing is loaded before somebody comes. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Settings } from '../env.ts'
import { describeError, type Log } from '../log.ts'
import { shellEnvironment } from './environment.ts'
import type { Terminals } from './gateway.ts'

export interface TerminalDoorOptions {
  settings: Pick<Settings, 'terminal' | 'handle' | 'shellEnvironment'>
  /** Folder of the home. */
  home: string
  log: Log
}

/** `null`: this computer has no terminals. */
export function createTerminalDoor({ settings, home, log }: TerminalDoorOptions) {
  const { terminal, handle, shellEnvironment: given } = settings
  if (terminal.kind !== 'pty') return null
  const { shell } = terminal
  const environment = shellEnvironment({ handle, home, shell, given })
  let opened: Promise<Terminals> | undefined
  const open = () => {
    opened ??= import('./gateway.ts').then(({ createTerminals }) =>
      createTerminals({ home, shell, environment, log }),
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
