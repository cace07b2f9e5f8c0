/** Tells pages what comes of a call while it comes: words as they are, calls of tools as far as they are known. */
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { Live } from '../protocol.ts'

/** Fields by which a person knows what a tool is about. */
const SHOWN = /"(path|command|name|title|folder|fact)"\s*:\s*("(?:[^"\\]|\\.)*")/g
/** They come before the long ones, or not at all. */
const LOOKED_AT = 4_000
const TELL_EVERY_LETTERS = 400

export function createFollower(live: (live: Live) => void) {
  const tools = new Map<number, { id: string; name: string; json: string; told: string; letters: number }>()
  return {
    hear(event: RawMessageStreamEvent): void {
      if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
        const { id, name } = event.content_block
        tools.set(event.index, { id, name, json: '', told: '', letters: 0 })
        live({ kind: 'tool', id, name, input: {} })
      }
      if (event.type === 'content_block_start' && event.content_block.type === 'text' && event.index > 0) {
        live({ kind: 'text', text: '\n\n' })
      }
      if (event.type !== 'content_block_delta') return
      if (event.delta.type === 'text_delta') live({ kind: 'text', text: event.delta.text })
      const tool = tools.get(event.index)
      if (event.delta.type !== 'input_json_delta' || !tool) return
      tool.json += event.delta.partial_json
      const input = shortInput(tool.json)
      const isNews =
        JSON.stringify(input) !== tool.told || tool.json.length - tool.letters > TELL_EVERY_LETTERS
      if (!isNews) return
      tool.told = JSON.stringify(input)
      tool.letters = tool.json.length
      live({ kind: 'tool', id: tool.id, name: tool.name, input: { ...input, letters: tool.letters } })
    },
  }
}

/** Of a piece of JSON, the short texts that are whole. */
function shortInput(json: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, key = '', text = '""'] of json.slice(0, LOOKED_AT).matchAll(SHOWN)) {
    found[key] ??= parsed(text).slice(0, 300)
  }
  return found
}

function parsed(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return ''
  }
}
