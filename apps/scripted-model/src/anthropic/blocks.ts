/** Pieces of an answer as content blocks: as they start, what is added to them, and whole. */
import type { Piece } from '../answer/answer.ts'
import { slicesOf } from '../stream/slices.ts'

export interface BlockScript {
  start: object
  /** Each with the text that it adds, which is what is counted. */
  deltas: Iterable<{ delta: object; adds: string }>
  whole: object
  /** Follows at once, whole: the results of a search. */
  result: object | null
}

/** A real one is opaque too. */
const SIGNATURE = Buffer.from('signed by the demonstration model').toString('base64')

export function blockScript(piece: Piece, newId: (prefix: string) => string): BlockScript {
  switch (piece.kind) {
    case 'text': {
      const block = { type: 'text', citations: null }
      return {
        start: { ...block, text: '' },
        deltas: deltas(piece.text, (text) => ({ type: 'text_delta', text })),
        whole: { ...block, text: piece.text },
        result: null,
      }
    }
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: signed(piece.text),
        whole: { type: 'thinking', thinking: piece.text, signature: SIGNATURE },
        result: null,
      }
    case 'tool':
      return toolBlock({ type: 'tool_use', id: newId('toolu'), name: piece.name }, piece.text)
    case 'search': {
      const id = newId('srvtoolu')
      return {
        ...toolBlock({ type: 'server_tool_use', id, name: 'web_search' }, piece.text),
        result: { type: 'web_search_tool_result', tool_use_id: id, content: [SEARCH_RESULT] },
      }
    }
  }
}

const SEARCH_RESULT = {
  type: 'web_search_result',
  title: 'An example page',
  url: 'https://example.com/',
  encrypted_content: Buffer.from('nothing was searched').toString('base64'),
  page_age: null,
}

function toolBlock(block: { type: string; id: string; name: string }, json: string): BlockScript {
  const input = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
  return {
    start: { ...block, input: {} },
    deltas: withEmptyFirst(deltas(json, input), input('')),
    whole: { ...block, input: parsedInput(json) },
    result: null,
  }
}

function* deltas(text: string, wrap: (slice: string) => object) {
  for (const slice of slicesOf(text)) yield { delta: wrap(slice), adds: slice }
}

/** As the real provider does it. */
function* withEmptyFirst(rest: Iterable<{ delta: object; adds: string }>, first: object) {
  yield { delta: first, adds: '' }
  yield* rest
}

function* signed(thinking: string) {
  yield* deltas(thinking, (text) => ({ type: 'thinking_delta', thinking: text }))
  yield { delta: { type: 'signature_delta', signature: SIGNATURE }, adds: '' }
}

/** Of a whole message; an input that was cut off is an empty one. */
function parsedInput(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}
