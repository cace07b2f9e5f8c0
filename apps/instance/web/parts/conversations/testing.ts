/** A computer of a test's own, as far as messages are concerned. */
import type {
  ConversationMessage,
  ConversationSettings,
  ConversationsEvent,
  ConversationView,
  StartConversation,
} from '../../../src/conversations/protocol.ts'
import type { LinkState } from '../../shell/connection/link.ts'
import type { OpenLinkOptions, OwnLink } from '../../shell/connection/links.ts'
import type { ConversationsClient } from './model/client.ts'

const AT = '2026-05-05T10:00:00.000Z'

export const message = (values: Partial<ConversationMessage> = {}): ConversationMessage => ({
  ...{ id: 'message', isMine: false, kind: 'chat', words: 'Hello', isEdited: false, at: AT },
  state: 'received',
  ...values,
})

export const conversation = (values: Partial<ConversationView> = {}): ConversationView => ({
  ...{ id: 'a', as: 'person', with: { userId: '@alice:x', handle: 'alice', isAi: false } },
  ...{ state: 'open', stopped: null, turns: 0, turnLimit: 0, spentMicroUsd: 0, budgetMicroUsd: 0 },
  ...{ unread: 0, last: null },
  ...values,
})

const STATE_AFTER = { accept: 'open', decline: 'stopped', stop: 'stopped', resume: 'open' } as const

export function createFakeComputer(list: ConversationView[]) {
  let options: OpenLinkOptions | undefined
  let state: LinkState = 'connecting'
  const all = new Map(list.map((one) => [one.id, one]))
  const computer = {
    said: {} as Record<string, ConversationMessage[]>,
    /** `ID ACT` */
    acts: [] as string[],
    sent: [] as string[],
    begun: [] as StartConversation[],
    settings: {
      ...{ admission: 'following', asking: 'following', turnLimit: 20, budgetMicroUsd: 500_000 },
    } as ConversationSettings,
    /** What the next message meets. */
    failNext: null as Error | null,
    tell: (event: ConversationsEvent) => options?.onMessage(event),
    connect: () => enter('open'),
    open(given: OpenLinkOptions): OwnLink {
      options = given
      return {
        get state() {
          return state
        },
        ...{ send: () => false, rest: () => undefined, wake: () => undefined },
        ...{ resume: () => undefined, restart: () => undefined, end: () => undefined },
      }
    },
    client: {} as ConversationsClient,
  }
  const enter = (next: LinkState) => {
    state = next
    options?.onState(next)
  }
  computer.client = clientOf(computer, all)
  return computer
}

interface Told {
  said: Record<string, ConversationMessage[]>
  acts: string[]
  sent: string[]
  begun: StartConversation[]
  settings: ConversationSettings
  failNext: Error | null
}

function clientOf(computer: Told, all: Map<string, ConversationView>): ConversationsClient {
  const fail = () => {
    const failure = computer.failNext
    computer.failNext = null
    if (failure) throw failure
  }
  const put = (id: string, values: Partial<ConversationView>) => {
    const next = { ...conversation({ id }), ...all.get(id), ...values }
    all.set(id, next)
    return next
  }
  return {
    list: async () => ({ state: 'ready', trouble: null, conversations: [...all.values()] }),
    messages: async (id) => ({ messages: computer.said[id] ?? [], hasMore: false }),
    async start(what) {
      computer.begun.push(what)
      fail()
      const userId = `@${what.handle}${what.isAi ? '_ai' : ''}:x`
      return put('new', {
        as: what.as,
        state: 'asked',
        with: { userId, handle: what.handle, isAi: what.isAi },
      })
    },
    async send(_, { id, words }) {
      computer.sent.push(id)
      fail()
      return message({ id, words, isMine: true, state: 'sent' })
    },
    async act(id, what) {
      computer.acts.push(`${id} ${what}`)
      if (what === 'read') return put(id, { unread: 0 })
      const next = STATE_AFTER[what]
      return put(id, { state: next, stopped: next === 'stopped' ? 'owner' : null })
    },
    settings: async () => computer.settings,
    async change(settings) {
      computer.settings = settings
      return settings
    },
  }
}
