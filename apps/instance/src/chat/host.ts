/** The chat in a process of its own: its memory is given back when nobody looks and nothing is under way. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { createPlatform } from '../channels/platform.ts'
import { createGate } from '../files/api/gate.ts'
import { createTrash } from '../files/api/trash.ts'
import { openTree } from '../files/api/tree.ts'
import { createAtomicWriter } from '../files/atomic.ts'
import { openHome } from '../files/home.ts'
import { createSockets } from '../http/sockets.ts'
import { describeError, type Log } from '../log.ts'
import { ASLEEP } from '../protocol.ts'
import { createAnswers, NO_AI } from './answers.ts'
import { type ChatClient, serveClient } from './client.ts'
import { readCredits } from './credits.ts'
import { createDesk, type Open } from './desk.ts'
import type { Asked, ChatSetting } from './host-protocol.ts'
import { textOf } from './log/tree.ts'
import type { ModelChoice } from './protocol.ts'
import { recoverWith } from './recover.ts'
import { createService } from './service.ts'
import { openChoices } from './settings.ts'
import { openChats } from './store.ts'
import type { AskAiToolOptions } from './tools/ask-ai.ts'
import { createTools } from './tools/index.ts'
import { removeStaged } from './tools/save.ts'
import { instructionsFor } from './turn/instructions.ts'
import { chosenOf, createModel } from './turn/model.ts'

export interface HostOptions {
  setting: ChatSetting
  now: () => number
  log: Log
  /** Nobody looks, and nothing is under way. */
  onIdle: () => void
  /** An answer came to its end, and no page was open. */
  onUnseen: (told: { conversation: string; title: string; words: string }) => void
  /** Asks another's AI. Rejects with a PlainError that says why there is no answer. */
  askOther?: AskAiToolOptions['askOther']
  /** The AI wanted to run a program that the platform does not want. */
  onDenied?: (program: string) => void
}

export interface Host {
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void
  /** Rejects with a NoAnswer. */
  ask(question: Asked): Promise<string>
  /** Stops what is under way, and writes that down. */
  stop(): Promise<void>
}

const CLOSE_WITHIN_MS = 500
const LARGEST_MESSAGE = 1024 * 1024

export async function createHost(options: HostOptions): Promise<Host> {
  const { setting, now, log, onIdle, onUnseen, onDenied = () => undefined } = options
  const { ai, handle, displayName, noCommands, appOrigin } = setting
  const { root } = await openHome(setting.home)
  const tree = openTree({ root })
  const date = () => new Date(now())
  const trash = createTrash({ tree, now: date, oneAtATime: createGate() })
  const chats = openChats(tree, trash)
  const choices = openChoices(root, createAtomicWriter())
  const model = ai && createModel(ai)
  const appAddress = (name: string) => (appOrigin === null ? null : `${appOrigin.replace('{app}', name)}/`)
  const tools = await createTools({
    ...{ tree, root, appAddress, onDenied, ...setting },
    post: ai && createPlatform(ai).post,
    askOther: (setting.hasOthers && options.askOther) || null,
  })
  const clients = new Set<ChatClient>()
  let asking = 0
  let models: ModelChoice[] = []
  let listed: Promise<ModelChoice[]> | undefined
  await removeStaged(tree).catch((error) => log('leftovers not removed', describeError(error)))

  const tellAll = (event: Parameters<ChatClient['send']>[0]) => {
    for (const client of clients) client.send(event)
  }
  const tellIfIdle = () => {
    const isBusy = [...desk.opened()].some(({ running }) => running !== null)
    if (clients.size === 0 && asking === 0 && !isBusy) onIdle()
  }
  let isListing = false
  const tellList = () => {
    if (isListing || clients.size === 0) return
    isListing = true
    setImmediate(async () => {
      isListing = false
      await desk.summaries().then(
        (conversations) => tellAll({ type: 'list', conversations }),
        (error) => log('conversations not listed', describeError(error)),
      )
    })
  }
  const modelName = async () => chosenOf(models, (await choices.read()).model)
  const desk = createDesk({ chats, recover: recoverWith(tree, chats, now), onChange: tellList, now, log })
  const answers = createAnswers({
    ...{ tree, chats, desk, model, modelName, tools, now, log },
    instructions: (from) =>
      instructionsFor({ tree, root, handle, displayName, noCommands, appAddress, now: date }, from),
    onRunning() {
      tellList()
      setImmediate(tellIfIdle)
    },
    onEnded(open, turn) {
      void readCredits(ai).then((credits) => tellAll({ type: 'credits', credits }))
      if (clients.size === 0) tellUnseen(open, turn, onUnseen)
    },
  })
  const service = createService({ tree, trash, chats, desk, answers, onChange: tellList, now })
  const sockets = createSockets({
    onFailure: (error) => log('chat failed', describeError(error)),
    largestMessage: LARGEST_MESSAGE,
  })
  const listModels = async () => {
    listed ??= model?.list() ?? Promise.resolve([])
    models = await listed
    // Next time it may be reached.
    if (models.length === 0) listed = undefined
    tellAll({ type: 'models', models, model: await modelName() })
  }
  const serve = async (socket: WebSocket) => {
    const chooseModel = async (chosen: string) => {
      await choices.write({ model: chosen })
      tellAll({ type: 'models', models, model: await modelName() })
    }
    const client = serveClient({ socket, service, desk, chats, chooseModel, log })
    clients.add(client)
    socket.on('close', () => {
      clients.delete(client)
      tellIfIdle()
    })
    client.send({
      ...{ type: 'hello', conversations: await desk.summaries(), models, model: await modelName() },
      ...{ noAi: ai ? null : NO_AI, noCommands, credits: null },
    })
    void listModels().catch((error) => log('models not listed', describeError(error)))
    void readCredits(ai).then((credits) => client.send({ type: 'credits', credits }))
  }
  return {
    accept: (request, stream, head) => sockets.upgrade(request, stream, head, serve),
    async ask(question) {
      asking++
      try {
        return await service.ask(question)
      } finally {
        asking--
        setImmediate(tellIfIdle)
      }
    },
    async stop() {
      await answers.stopAll()
      await sockets.close(1001, ASLEEP, CLOSE_WITHIN_MS)
    },
  }
}

const LONGEST_NEWS = 160

function tellUnseen({ conversation }: Open, id: string, onUnseen: HostOptions['onUnseen']): void {
  const turn = conversation.turns.get(id)
  const from = turn && conversation.said.get(turn.parent)?.from
  // What came another way goes back that way.
  if (!turn || from || turn.ended?.how === 'stopped') return
  const words = (turn.ended?.failure?.words ?? textOf(turn)).slice(0, LONGEST_NEWS).toWellFormed()
  onUnseen({ conversation: conversation.id, title: conversation.title, words })
}
