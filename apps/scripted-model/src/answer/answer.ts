/** Decides what is answered: pieces in the terms of both formats, no longer than was asked for. */
import { actOn, isComputer } from '../demonstration/act.ts'
import type { Script } from '../script/schema.ts'
import type { Prompt } from './prompt.ts'
import { countTokens, firstTokens } from './tokens.ts'
import { chooseTool, inputFor } from './tool-input.ts'
import { replyTo, replyToResult, type WhoHasKeys } from './words.ts'

export type Piece =
  | { kind: 'thinking' | 'text'; text: string }
  /** `text`: its input, as JSON; perhaps cut off. */
  | { kind: 'tool'; name: string; text: string }
  /** `text`: its input, as JSON. The results come with it. */
  | { kind: 'search'; text: string }

export interface Answer {
  pieces: Piece[]
  stop: 'end' | 'length' | 'sequence' | 'tool' | 'refusal'
  stopSequence: string | null
}

const REFUSAL = 'I cannot help with that.'
const THOUGHTS = 'The question is clear. I answer it by the first rule that fits, and say what I am.'

export function answerTo(prompt: Prompt, script: Script, keysOf?: WhoHasKeys): Answer {
  if (script.refuse) return limited([{ kind: 'text', text: REFUSAL }], 'refusal', prompt)
  const pieces: Piece[] = []
  const thoughts = script.thinking ?? (prompt.thinks ? THOUGHTS : null)
  if (thoughts !== null) pieces.push({ kind: 'thinking', text: thoughts })
  const searches = script.webSearches ?? (prompt.webSearch && /\bsearch/i.test(prompt.lastWords) ? 1 : 0)
  for (let n = 1; n <= searches; n++)
    pieces.push({ kind: 'search', text: JSON.stringify({ query: `question ${n}` }) })
  const act = hasOwnText(script) || script.tool ? null : actOn(prompt)
  if (act) {
    pieces.push({ kind: 'text', text: act.text })
    if (act.tool) pieces.push({ kind: 'tool', name: act.tool.name, text: JSON.stringify(act.tool.input) })
    return limited(pieces, act.tool ? 'tool' : 'end', prompt)
  }
  const tool = script.tool ?? toolFor(prompt, script)
  if (tool) {
    pieces.push({
      kind: 'text',
      text: script.text ?? `This demonstration model calls the tool ${tool.name}.`,
    })
    pieces.push({ kind: 'tool', name: tool.name, text: JSON.stringify(tool.input) })
    return limited(pieces, 'tool', prompt)
  }
  pieces.push({ kind: 'text', text: textFor(prompt, script, keysOf) })
  return limited(pieces, 'end', prompt)
}

function toolFor(prompt: Prompt, script: Script): { name: string; input: unknown } | null {
  if (hasOwnText(script) || (isComputer(prompt) && prompt.toolChoice === 'may')) return null
  const tool = chooseTool(prompt)
  return tool && { name: tool.name, input: inputFor(tool.schema, prompt.lastWords) }
}

const hasOwnText = (script: Script) =>
  script.text !== undefined || script.words !== undefined || script.megabytes !== undefined

const MEBIBYTE = 1_048_576
const LINE = 'the demonstration model says many words '

function textFor(prompt: Prompt, script: Script, keysOf?: WhoHasKeys): string {
  if (script.megabytes !== undefined) {
    const bytes = Math.round(script.megabytes * MEBIBYTE)
    return LINE.repeat(Math.ceil(bytes / LINE.length)).slice(0, bytes)
  }
  if (script.words !== undefined) return Array.from({ length: script.words }, (_, n) => `word${n}`).join(' ')
  if (script.text !== undefined) return script.text
  return prompt.toolResult === null
    ? replyTo(prompt.lastWords, keysOf)
    : replyToResult(prompt.toolResult, keysOf)
}

/** Ends at the first stop sequence in a text, and where the tokens asked for are used up. */
function limited(pieces: Piece[], end: Answer['stop'], prompt: Prompt): Answer {
  const kept: Piece[] = []
  let left = prompt.maxTokens
  for (const piece of pieces) {
    const sequence = piece.kind === 'text' ? firstSequence(piece.text, prompt.stopSequences) : null
    const text = sequence ? piece.text.slice(0, sequence.at) : piece.text
    const tokens = countTokens(text)
    if (tokens > left) {
      if (left > 0) kept.push({ ...piece, text: firstTokens(text, left) })
      return { pieces: kept, stop: 'length', stopSequence: null }
    }
    kept.push({ ...piece, text })
    if (sequence) return { pieces: kept, stop: 'sequence', stopSequence: sequence.text }
    left -= tokens
  }
  return { pieces: kept, stop: end, stopSequence: null }
}

function firstSequence(text: string, sequences: readonly string[]) {
  const found = sequences
    .map((sequence) => ({ text: sequence, at: text.indexOf(sequence) }))
    .filter(({ text: own, at }) => own !== '' && at >= 0)
  return found.sort((a, b) => a.at - b.at)[0] ?? null
}

export const outputTokens = (pieces: readonly Piece[]) =>
  pieces.reduce((sum, piece) => sum + countTokens(piece.text), 0)
