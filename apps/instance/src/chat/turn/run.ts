/** One answer: calls the model, does what it asks for, and calls it again with the results, until it is done or stopped. */
import type { Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { Block, EntryOf, Failure } from '../log/entry.ts'
import type { Conversation } from '../log/tree.ts'
import type { Live } from '../protocol.ts'
import type { Tool } from '../tools/tool.ts'
import { type ContextOptions, contextOf, MOST_TOKENS } from './context.ts'
import { failureOf, isTooLong } from './failure.ts'
import { createFollower } from './follow.ts'
import type { CallResult, Model } from './model.ts'
import type { UseTool } from './use-tool.ts'

export interface TurnLimits {
  /** Calls of the model. */
  steps: number
  /** Written by it, in all. */
  tokens: number
}

const LIMITS: TurnLimits = { steps: 40, tokens: 80_000 }

export interface TurnOptions {
  conversation: Conversation
  turn: string
  model: Model
  modelName: string
  tools: readonly Tool[]
  instructions: string
  imageOf: ContextOptions['imageOf']
  perform: UseTool
  /** Resolves when it is on the disk, and the conversation has it. */
  append: (entry: EntryOf<'step' | 'note' | 'ended'>) => Promise<void>
  live: (live: Live) => void
  signal: AbortSignal
  now: () => number
  limits?: TurnLimits
}

type Ending = Pick<EntryOf<'ended'>, 'how' | 'failure'>

/** Resolves when its end is on the disk. Rejects where that cannot be written. */
export async function runTurn(options: TurnOptions): Promise<void> {
  const { turn, append, now, signal } = options
  let ending: Ending
  try {
    ending = await answer(options)
  } catch (error) {
    ending = signal.aborted ? { how: 'stopped' } : { how: 'failed', failure: failureOf(error) }
  }
  await append({ type: 'ended', turn, ...ending, at: now() })
}

async function answer(options: TurnOptions): Promise<Ending> {
  const { turn, append, perform, now, signal, limits = LIMITS } = options
  let tokens = 0
  for (let step = 0; step < limits.steps && tokens < limits.tokens; step++) {
    const { message, cost, isClamped } = await call(options, step)
    tokens += message.usage.output_tokens
    const isCut = message.stop_reason === 'max_tokens'
    const content = blocksOf(message, isCut)
    if (content.length > 0)
      await append({ type: 'step', turn, content, cost, ...(isCut && { isPartial: true }), at: now() })
    if (isCut) return isClamped ? { how: 'failed', failure: NO_MORE } : { how: 'cut' }
    if (message.stop_reason === 'pause_turn') continue
    if (message.stop_reason !== 'tool_use') return endOf(content)
    for (const block of content) if (block.type === 'tool_use') await perform(block)
    if (signal.aborted) return { how: 'stopped' }
  }
  return { how: 'limit' }
}

const NO_MORE: Failure = {
  kind: 'credits',
  words: 'What is left of your AI credits was enough for this much of an answer, and no more.',
}
const NOTHING_SAID: Failure = {
  kind: 'lost',
  words: 'The AI said nothing. Try again, or ask in another way.',
}

const endOf = (content: readonly Block[]): Ending =>
  content.length > 0 ? { how: 'done' } : { how: 'failed', failure: NOTHING_SAID }

/** Where the conversation is longer than the model reads at once, again with less of it. */
async function call(options: TurnOptions, step: number): Promise<CallResult> {
  for (let most = MOST_TOKENS; ; most /= 2) {
    try {
      return await callOnce(options, step, most)
    } catch (error) {
      if (!isTooLong(error) || most < MOST_TOKENS / 8) throw error
    }
  }
}

async function callOnce(options: TurnOptions, step: number, mostTokens: number): Promise<CallResult> {
  const { conversation, turn, model, modelName, tools, instructions, imageOf, append, live, signal, now } =
    options
  const { messages, leftOut } = await contextOf({ conversation, last: turn, imageOf, mostTokens })
  if (leftOut > 0 && step === 0) await append({ type: 'note', turn, text: leftOutWords(leftOut), at: now() })
  const follower = createFollower(live)
  let snapshot: Message | null = null
  try {
    return await model.call({
      ...{ model: modelName, system: instructions, messages, signal },
      tools: tools.map(({ name, description, schema }) => ({
        name,
        description,
        input_schema: { ...schema, type: 'object' },
      })),
      onEvent(event: RawMessageStreamEvent, seen) {
        snapshot = seen
        follower.hear(event)
      },
    })
  } catch (error) {
    // What was said so far stays; what was called and not yet whole was never done.
    const content = snapshot ? blocksOf(snapshot, true) : []
    if (content.length > 0) await append({ type: 'step', turn, content, isPartial: true, at: now() })
    throw error
  }
}

const leftOutWords = (count: number) =>
  `This conversation is longer than I read at once: I left out its first ${count === 1 ? 'message' : `${count} messages`}.`

/** Of what the model sent, what is kept. `isCut`: its calls of tools may lack their ends. */
function blocksOf({ content }: Message, isCut: boolean): Block[] {
  return content.flatMap((block): Block[] => {
    if (block.type === 'text') return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }]
    if (isCut) return []
    if (block.type === 'tool_use') {
      const { id, name, input } = block
      return [{ type: 'tool_use', id, name, input }]
    }
    if (block.type === 'thinking') {
      const { type, thinking, signature } = block
      return [{ type, thinking, signature }]
    }
    return block.type === 'redacted_thinking' ? [{ type: block.type, data: block.data }] : []
  })
}
