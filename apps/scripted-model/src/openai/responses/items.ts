/** Pieces of an answer as output items: as they start, what is added to them, and whole. */
import type { Piece } from '../../answer/answer.ts'

export type ItemEvent = { type: string } & Record<string, unknown>

export interface ItemScript {
  id: string
  begun: object
  whole: object
  /** Between the item's start and what is added to it. */
  before: ItemEvent[]
  /** `null`: this protocol does not show it. */
  added: ((slice: string) => ItemEvent) | null
  after: ItemEvent[]
}

export function itemScript(piece: Piece, refused: boolean, newId: (prefix: string) => string): ItemScript {
  switch (piece.kind) {
    case 'text':
      return textItem(newId('msg'), piece.text, refused)
    case 'tool':
      return toolItem(newId('fc'), newId('call'), piece)
    case 'thinking': {
      const item = { id: newId('rs'), type: 'reasoning', summary: [] }
      return { id: item.id, begun: item, whole: item, before: [], added: null, after: [] }
    }
    case 'search':
      return searchItem(newId('ws'), piece.text)
  }
}

function textItem(id: string, text: string, refused: boolean): ItemScript {
  const kind = refused ? 'refusal' : 'output_text'
  const part = (own: string) =>
    refused
      ? { type: 'refusal', refusal: own }
      : { type: 'output_text', text: own, annotations: [], logprobs: [] }
  const at = { item_id: id, content_index: 0 }
  const done = refused ? { refusal: text } : { text, logprobs: [] }
  return {
    id,
    begun: { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] },
    whole: { id, type: 'message', role: 'assistant', status: 'completed', content: [part(text)] },
    before: [{ type: 'response.content_part.added', ...at, part: part('') }],
    added: (delta) => ({ type: `response.${kind}.delta`, ...at, delta, ...(!refused && { logprobs: [] }) }),
    after: [
      { type: `response.${kind}.done`, ...at, ...done },
      { type: 'response.content_part.done', ...at, part: part(text) },
    ],
  }
}

function toolItem(id: string, callId: string, piece: { name: string; text: string }): ItemScript {
  const item = { id, type: 'function_call', call_id: callId, name: piece.name }
  const type = 'response.function_call_arguments'
  return {
    id,
    begun: { ...item, arguments: '', status: 'in_progress' },
    whole: { ...item, arguments: piece.text, status: 'completed' },
    before: [],
    added: (delta) => ({ type: `${type}.delta`, item_id: id, delta }),
    after: [{ type: `${type}.done`, item_id: id, name: piece.name, arguments: piece.text }],
  }
}

function searchItem(id: string, query: string): ItemScript {
  const item = { id, type: 'web_search_call', action: { type: 'search', query } }
  const events = ['in_progress', 'searching', 'completed']
  return {
    id,
    begun: { ...item, status: 'in_progress' },
    whole: { ...item, status: 'completed' },
    before: events.map((name) => ({ type: `response.web_search_call.${name}`, item_id: id })),
    added: null,
    after: [],
  }
}
