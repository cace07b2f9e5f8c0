/** Answers messages: one at a time in each conversation, with the tools and the words that this computer has. */
import { randomUUID } from 'node:crypto'
import type { Tree } from '../files/api/tree.ts'
import { inPlainWords } from '../files/plain-words.ts'
import type { Log } from '../log.ts'
import { askIn, type Desk, type Open, tellLive } from './desk.ts'
import { imageReader } from './images.ts'
import type { Origin } from './log/entry.ts'
import { titleFrom } from './log/tree.ts'
import type { Chats } from './store.ts'
import { saveFile } from './tools/save.ts'
import type { Tool } from './tools/tool.ts'
import type { Model } from './turn/model.ts'
import { runTurn } from './turn/run.ts'
import { createUseTool } from './turn/use-tool.ts'

export const NO_AI = 'There is no AI on this computer: the platform gave it no address.'

export interface AnswersOptions {
  tree: Tree
  chats: Chats
  desk: Desk
  /** `null`: there is no AI here. */
  model: Model | null
  modelName: () => Promise<string>
  tools: readonly Tool[]
  instructions: (from: Origin | undefined) => Promise<string>
  /** An answer is over, whatever came of it. */
  onEnded: (open: Open, turn: string) => void
  onRunning: () => void
  now: () => number
  log: Log
}

export interface Answers {
  /** Begins to answer a message, under an id of its own; resolves when that is on the disk. `false`: another answer is under way. */
  begin(open: Open, message: string, id?: string): Promise<boolean>
  stopAll(): Promise<void>
}

export function createAnswers(options: AnswersOptions): Answers {
  const { tree, chats, desk, model, modelName, tools, instructions, onEnded, onRunning, now, log } = options

  const answer = async (open: Open, message: string, turn: string, signal: AbortSignal, name: string) => {
    const { conversation, append } = open
    const from = conversation.said.get(message)?.from
    if (!model) {
      const failure = { kind: 'none', words: NO_AI } as const
      return append({ type: 'ended', turn, how: 'failed', failure, at: now() })
    }
    const live = (one: Parameters<typeof tellLive>[1]) => tellLive(open, one)
    const perform = createUseTool({
      ...{ conversation, turn, tools, append, live, signal, now, log },
      ask: from ? null : (question) => askIn(open, question),
      async saveFor(tool, path, bytes, earlier) {
        await using keep = await chats.keepFolder(conversation.id)
        const change = await saveFile({ tree, path, bytes, keep, tool, earlier })
        return change ? [...earlier, change] : earlier
      },
    })
    await runTurn({
      ...{ conversation, turn, model, modelName: name, tools, perform, append, live, signal, now },
      instructions: await instructions(from),
      imageOf: imageReader(tree, conversation.id),
    })
  }

  const run = async (open: Open, message: string, turn: string, name: string, stop: AbortController) => {
    try {
      await answer(open, message, turn, stop.signal, name)
    } catch (error) {
      // Not even its end could be written: whoever looks is told, and the next start finds it.
      const words = inPlainWords(error)
      open.show({ type: 'ended', turn, how: 'failed', failure: { kind: 'disk', words }, at: now() })
    }
    open.running = null
    onEnded(open, turn)
    onRunning()
  }

  return {
    async begin(open, message, id = randomUUID()) {
      const { conversation } = open
      const said = conversation.said.get(message)
      // No message and no answer have one id: what follows the one would follow the other.
      if (!said || open.running || conversation.turns.has(id) || conversation.said.has(id)) return false
      const stop = new AbortController()
      const ended = Promise.withResolvers<void>()
      open.running = {
        state: { turn: id, text: '', tools: [], output: {}, question: null },
        ...{ stop, decide: null, ended: ended.promise },
      }
      onRunning()
      try {
        const name = await modelName()
        if (!conversation.title) await open.append({ type: 'title', title: titleFrom(said.text), at: now() })
        await open.append({ type: 'turn', id, parent: message, model: name, at: now() })
        void run(open, message, id, name, stop).finally(ended.resolve)
        return true
      } catch (error) {
        open.running = null
        ended.resolve()
        onRunning()
        throw error
      }
    },
    async stopAll() {
      const running = [...desk.opened()].flatMap((open) => open.running ?? [])
      for (const { stop } of running) stop.abort(new Error('The computer stops.'))
      await Promise.all(running.map(({ ended }) => ended))
    },
  }
}
