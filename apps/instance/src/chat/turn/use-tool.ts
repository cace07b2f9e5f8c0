/** Does what the model asks for with one tool: asks for leave where it has to, and writes down what came of it. */

import { inPlainWords, PlainError } from '../../files/plain-words.ts'
import { codeOf } from '../../http/problem.ts'
import { describeError, type Log } from '../../log.ts'
import { inWords } from '../command/risks.ts'
import type { Change, EntryOf, Risk, ToolBlock } from '../log/entry.ts'
import type { Conversation } from '../log/tree.ts'
import type { Live, Question } from '../protocol.ts'
import type { Outcome, Tool, Verdict } from '../tools/tool.ts'

export type Decision = 'once' | 'always' | 'deny'
export type UseTool = (block: ToolBlock) => Promise<void>

export interface UseToolOptions {
  conversation: Conversation
  turn: string
  tools: readonly Tool[]
  /** Writes a file for a call, so that it can be taken back; resolves to all that the call has changed so far. */
  saveFor: (
    tool: string,
    path: string,
    bytes: Uint8Array,
    earlier: readonly Change[],
  ) => Promise<readonly Change[]>
  /** `null`: nobody can be asked. Rejects when the answer is stopped meanwhile. */
  ask: ((question: Question) => Promise<Decision>) | null
  append: (entry: EntryOf<'result' | 'allowed'>) => Promise<void>
  live: (live: Live) => void
  signal: AbortSignal
  now: () => number
  log: Log
}

/** What the model gets of one result at most. */
const MOST_LETTERS = 80_000

export const createUseTool =
  (options: UseToolOptions): UseTool =>
  async (block) => {
    const { turn, append, now, signal } = options
    let changes: readonly Change[] = []
    const save = async (path: string, bytes: Uint8Array) => {
      signal.throwIfAborted()
      changes = await options.saveFor(block.id, path, bytes, changes)
    }
    const { text, isError = false, app } = await outcomeOf(options, block, save)
    await append({
      ...{ type: 'result', turn, tool: block.id, text: text.slice(0, MOST_LETTERS).toWellFormed(), isError },
      ...(changes.length > 0 && { changes: [...changes] }),
      ...(app && { app }),
      at: now(),
    })
  }

async function outcomeOf(
  options: UseToolOptions,
  { id, name, input }: ToolBlock,
  save: (path: string, bytes: Uint8Array) => Promise<void>,
): Promise<Outcome> {
  const { conversation, tools, live, signal, log } = options
  if (signal.aborted) return STOPPED
  const tool = tools.find((one) => one.name === name)
  if (!tool) return { text: `There is no tool ${name} here.`, isError: true }
  try {
    const verdict = await tool.judge(input)
    const refusal = verdict && (await refusalOf(options, id, verdict))
    if (refusal) return refusal
    const output = inPieces((text) => live({ kind: 'output', id, text }))
    try {
      return await tool.run(input, { id, conversation: conversation.id, signal, output: output.add, save })
    } finally {
      output.flush()
    }
  } catch (error) {
    if (signal.aborted) return STOPPED
    if (!(error instanceof PlainError) && codeOf(error) === '')
      log('tool failed', { tool: name, ...describeError(error) })
    return { text: inPlainWords(error), isError: true }
  }
}

const STOPPED: Outcome = { text: 'The owner stopped this.', isError: true }

async function refusalOf(options: UseToolOptions, tool: string, verdict: Verdict): Promise<Outcome | null> {
  const { conversation, ask, append, now } = options
  const { risks, command, what } = verdict
  // What its owner allowed in this conversation, they allowed themselves: not whoever else writes in it.
  if (!ask)
    return { text: `${what}: this needs the owner’s leave, and nobody can be asked here.`, isError: true }
  if (risks.every((risk) => conversation.allowed.has(risk))) return null
  const decision = await ask({ tool, risks, words: inWords(risks), command: command ?? what })
  if (decision === 'deny') {
    return {
      text: 'The owner said no. Do not try another way: ask what they would like instead.',
      isError: true,
    }
  }
  if (decision === 'always') for (const risk of risks) await allow(conversation, risk, append, now)
  return null
}

async function allow(
  { allowed }: Conversation,
  risk: Risk,
  append: UseToolOptions['append'],
  now: () => number,
): Promise<void> {
  if (!allowed.has(risk)) await append({ type: 'allowed', risk, at: now() })
}

const TELL_EVERY_MS = 80
/** Of one piece: what a command prints faster than anybody reads is left out. */
const TOLD_LETTERS = 16_000

function inPieces(tell: (text: string) => void) {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting !== '') tell(waiting)
    waiting = ''
  }
  return {
    add(text: string): void {
      waiting = (waiting + text).slice(-TOLD_LETTERS)
      timer ??= setTimeout(flush, TELL_EVERY_MS)
    },
    flush,
  }
}
