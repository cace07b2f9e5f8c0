/** Items of a response's input: all that the provider is to read must be in them. */
import { isRecord } from '../../parse-body.ts'
import { type Content, lookAtContent, named, note } from '../content.ts'
import { lookAtTools } from './tools.ts'

/** Calls that were made before and their results: text, all of it in the request. */
const TEXTS = new Set([
  ...['function_call', 'custom_tool_call', 'local_shell_call', 'local_shell_call_output', 'shell_call'],
  ...['shell_call_output', 'apply_patch_call', 'apply_patch_call_output', 'computer_call'],
  ...['tool_search_call', 'tool_search_output', 'web_search_call', 'mcp_approval_response'],
])
/** Results that may have parts. */
const RESULTS = new Set(['function_call_output', 'custom_tool_call_output', 'computer_call_output'])
/** Without what is sealed in them, the provider looks up what it stored. */
const SEALED = new Set(['reasoning', 'compaction'])

const STORED =
  'what the provider stored (set `store` to false and include `reasoning.encrypted_content` to send it all)'

/** How many tools the items only name. */
export function lookAtItem(found: Content, item: unknown): number {
  if (!isRecord(item)) return 0
  const type = typeof item.type === 'string' ? item.type : 'role' in item ? 'message' : 'item_reference'
  if (type === 'message') lookAtContent(found, item.content)
  else if (RESULTS.has(type)) lookAtContent(found, item.output)
  else if (type === 'additional_tools' && Array.isArray(item.tools)) return lookAtTools(found, item.tools)
  else if (type === 'item_reference') note(found, STORED)
  else if (SEALED.has(type)) {
    if (typeof item.encrypted_content !== 'string') note(found, STORED)
  } else if (!TEXTS.has(type)) note(found, `an item of the type ${named(type)}`)
  return 0
}
