/** The way to the chat, of which nothing is loaded before somebody comes or asks. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { DenylistDoor } from '../denylist/door.ts'
import type { Settings } from '../env.ts'
import { describeError, type Log } from '../log.ts'
import { once } from '../once.ts'
import type { PushMessage } from '../push/protocol.ts'
import { shellEnvironment } from '../terminal/environment.ts'
import type { ChatGatewayOptions } from './gateway.ts'
import type { Asked, ChatSetting } from './host-protocol.ts'

export interface ChatDoorOptions {
  settings: Pick<
    Settings,
    | 'ai'
    | 'platform'
    | 'handle'
    | 'displayName'
    | 'terminal'
    | 'shellEnvironment'
    | 'appOriginPattern'
    | 'denylist'
  >
  /** Folder of the home. */
  home: string
  /** Tells the owner, when they are away. */
  notifyAway: (message: PushMessage) => Promise<void>
  denied: DenylistDoor
  /** Asks another's AI. */
  askOthers: ChatGatewayOptions['askOther']
  log: Log
}

/** What channels and schedules ask. */
export interface ChatRoom {
  /**
   * Answers a message, in the conversation of that name, which shows where it came from. Asked twice with one `id`, it is
   * answered once, also over a restart. Nobody is asked for leave: what would need it is refused. Rejects with a NoAnswer,
   * whose message is for the person who asked.
   */
  ask(question: Asked): Promise<{ text: string }>
}

export interface ChatDoor extends ChatRoom {
  /** Takes over a request to become a WebSocket, of the owner. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  stop(): Promise<void>
}

export function createChatDoor({
  settings,
  home,
  notifyAway,
  denied,
  askOthers,
  log,
}: ChatDoorOptions): ChatDoor {
  const setting = settingOf(settings, home)
  let isOpened = false
  const open = once(async () => {
    const { createChatGateway } = await import('./gateway.ts')
    isOpened = true
    return createChatGateway({
      ...{ setting, log },
      onStart: denied.follow,
      onDenied: denied.report,
      askOther: askOthers,
      onUnseen: ({ title, words, conversation }) =>
        void notifyAway({
          title: title || 'Chat',
          body: words || 'I’m done.',
          tag: `chat ${conversation}`,
          path: '/',
        }),
    })
  })
  return {
    upgrade(request, stream, head) {
      open().then(
        (gateway) => gateway.upgrade(request, stream, head),
        (error) => {
          log('chat failed', describeError(error))
          stream.destroy()
        },
      )
    },
    ask: async (question) => ({ text: await (await open()).ask(question) }),
    stop: async () => {
      if (isOpened) await (await open()).stop()
    },
  }
}

function settingOf(settings: ChatDoorOptions['settings'], home: string): ChatSetting {
  const { ai, handle, displayName, terminal, shellEnvironment: given, appOriginPattern: appOrigin } = settings
  const shell = terminal.kind === 'pty' ? terminal.shell : null
  return {
    ...{
      hasOthers: settings.platform !== null,
      home,
      handle,
      displayName,
      ai,
      shell,
      appOrigin,
      denylist: settings.denylist,
    },
    noCommands: terminal.kind === 'pty' ? null : terminal.reason,
    environment: shell === null ? {} : shellEnvironment({ handle, home, shell, given }),
  }
}
