/** What a page, a channel or a schedule can ask of the chat. */
import type { Trash } from '../files/api/trash.ts'
import type { Tree } from '../files/api/tree.ts'
import { PlainError } from '../files/plain-words.ts'
import type { Answers } from './answers.ts'
import type { Desk, Open } from './desk.ts'
import type { Asked } from './host-protocol.ts'
import { idOf, pathOf, textOf } from './log/tree.ts'
import { NoAnswer } from './no-answer.ts'
import type { ChatRequest } from './protocol.ts'
import type { Chats } from './store.ts'
import { undoChanges } from './tools/undo.ts'

type Request<T extends ChatRequest['type']> = Extract<ChatRequest, { type: T }>

export interface ServiceOptions {
  tree: Tree
  trash: Pick<Trash, 'put' | 'restore'>
  chats: Chats
  desk: Desk
  answers: Answers
  onChange: () => void
  now: () => number
}

export type Service = ReturnType<typeof createService>

export function createService({ tree, trash, chats, desk, answers, onChange, now }: ServiceOptions) {
  const queues = new Map<string, Promise<void>>()

  const answerOne = async ({ id, conversation, words, from }: Asked): Promise<string> => {
    const open = await desk.open(conversation)
    for (let hasBegun = false; ; ) {
      // Of the page, perhaps; or of this very message, which is asked again.
      await open.running?.ended
      const known = answerTo(open, id)
      if (known !== null) return known
      if (hasBegun) throw whyNot(open, id)
      if (!open.conversation.said.has(id)) {
        const parent = endOf(open)
        await open.append({ type: 'said', id, parent, text: words, images: [], from, at: now() })
      }
      hasBegun = await answers.begin(open, id)
    }
  }

  return {
    /** Resolves when the message is on the disk. Sent again, it is taken once; it is answered when nothing else is under way. */
    async say(request: Request<'say'>): Promise<void> {
      const open = await desk.open(request.conversation)
      const { id, parent, text, images } = request
      if (!open.conversation.said.has(id)) {
        if (open.running) throw new PlainError('I’m still answering. Stop me first, or wait a moment.')
        await open.append({ type: 'said', id, parent, text, images, at: now() })
      }
      if (!hasAnswer(open, id)) await answers.begin(open, id)
    },
    async retry({ conversation, message, id }: Request<'retry'>): Promise<void> {
      await answers.begin(await desk.open(conversation), message, id)
    },
    async stop(conversation: string): Promise<void> {
      ;(await desk.open(conversation)).running?.stop.abort(new Error('The owner stopped this.'))
    },
    async decide({ conversation, tool, decision }: Request<'decide'>): Promise<void> {
      const { running } = await desk.open(conversation)
      // Perhaps it was answered on another page.
      if (running?.state.question?.tool === tool) running.decide?.(decision)
    },
    /** Rejects with 412 where a file was changed since. */
    async undo({ conversation: id, tool, anyway }: Request<'undo'>): Promise<void> {
      const open = await desk.open(id)
      const { results, undone } = open.conversation
      const changes = results.get(tool)?.changes
      if (!changes || undone.has(tool)) return
      await using keep = await chats.keepFolder(id)
      await undoChanges({ tree, trash, keep, tool, changes, anyway })
      await open.append({ type: 'undone', tool, at: now() })
    },
    async rename({ conversation, title }: Request<'rename'>): Promise<void> {
      const open = await desk.open(conversation)
      if (open.conversation.said.size === 0) throw new PlainError('That conversation is no longer there.')
      await open.append({ type: 'title', title, at: now() })
    },
    /** Resolves to what brings it back. */
    async remove(id: string): Promise<{ trash: string; title: string }> {
      const open = await desk.open(id)
      open.running?.stop.abort(new Error('The conversation was deleted.'))
      await open.running?.ended
      const kept = await chats.remove(id)
      desk.forget(id)
      onChange()
      return { trash: kept, title: open.conversation.title }
    },
    async restore(id: string): Promise<void> {
      await trash.restore(id)
      onChange()
    },
    /** Resolves to the answer. Rejects with a NoAnswer. One after the other in each conversation. */
    ask(asked: Asked): Promise<string> {
      const before = queues.get(asked.conversation) ?? Promise.resolve()
      const answered = before.then(() => answerOne(asked))
      const settled = answered.then(
        () => undefined,
        () => undefined,
      )
      queues.set(asked.conversation, settled)
      return answered
    },
  }
}

function endOf({ conversation }: Open): string | null {
  const last = pathOf(conversation).at(-1)
  return last ? idOf(last) : null
}

const turnsOf = (open: Open, message: string) =>
  [...open.conversation.turns.values()].filter(({ parent }) => parent === message)

const hasAnswer = (open: Open, message: string) => turnsOf(open, message).length > 0

/** `null`: none that came to its end. */
function answerTo(open: Open, message: string): string | null {
  const done = turnsOf(open, message).findLast(({ ended }) => ended !== null && ANSWERED.includes(ended.how))
  return done ? textOf(done) || 'Done.' : null
}
const ANSWERED = ['done', 'limit', 'cut', 'stopped']

function whyNot(open: Open, message: string): NoAnswer {
  const failure = turnsOf(open, message).at(-1)?.ended?.failure
  const isPassing = failure === undefined || !['credits', 'key', 'refused', 'none'].includes(failure.kind)
  return new NoAnswer(failure?.words ?? 'I was stopped before I could answer.', isPassing)
}
