/** Two computers whose owners and AIs talk over one fake homeserver, and their owners' pages. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConversationSettings, ConversationsView, MessagesView } from '../conversations/protocol.ts'
import type { ConversationsRoom } from '../conversations/room.ts'
import { createFakeHomeserver, openFakeComputer } from './conversations.ts'
import { temporaryFolder } from './folder.ts'

export const EVERYONE: ConversationSettings = {
  ...({ admission: 'everyone', asking: 'everyone' } as const),
  ...{ turnLimit: 20, budgetMicroUsd: 10_000 },
}

/** Asks it as its owner's page does. */
export async function pageOf(room: ConversationsRoom) {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    void room.dispatch(request, response, { role: 'owner' }, path)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${port}/api/conversations${path}`, {
      method,
      headers: { 'x-computer-request': '1' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const told = await answer.json()
    if (answer.status !== 200) throw new Error(`${answer.status} ${told.message}`)
    return told
  }
  return {
    call,
    list: async () => (await call<ConversationsView>('GET', '')).conversations,
    messages: async (id: string) => (await call<MessagesView>('GET', `/${id}/messages`)).messages,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}

interface Bobs {
  answer?: (words: string) => string | Promise<string>
  settings?: ConversationSettings
  follows?: string[]
  blocks?: string[]
  mostUnread?: number
  told?: Promise<void>
  knownForMs?: number
  answerRetryMs?: number
}

export async function twoComputers(bobs: Bobs = {}, adas: { follows?: string[] } = {}) {
  await using opened = new AsyncDisposableStack()
  const homeserver = createFakeHomeserver()
  const folders = { ada: opened.use(await temporaryFolder()), bob: opened.use(await temporaryFolder()) }
  const ada = await openFakeComputer({ homeserver, handle: 'ada', root: folders.ada.path, ...adas })
  const { settings = EVERYONE, ...relations } = bobs
  const bob = await openFakeComputer({ homeserver, handle: 'bob', root: folders.bob.path, ...relations })
  const pages = { ada: opened.use(await pageOf(ada.room)), bob: opened.use(await pageOf(bob.room)) }
  await pages.ada.call('PUT', '/settings', EVERYONE)
  await pages.bob.call('PUT', '/settings', settings)
  opened.defer(() => ada.room.stop())
  opened.defer(() => bob.room.stop())
  const all = opened.move()
  return { homeserver, folders, ada, bob, pages, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

export const question = (words: string, id = 'question-1') => ({
  ...{ as: 'ai', handle: 'bob', isAi: true },
  message: { id, words },
})
