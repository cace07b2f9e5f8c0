/** Tools of a response: which of them run at the client, and so cost what the request's bytes say. */
import { isRecord } from '../../parse-body.ts'
import { type Content, named, note } from '../content.ts'

/** Those that describe themselves in the request. */
const DESCRIBED = new Set(['function', 'custom', 'namespace'])
/** Those that the provider describes. */
const NAMED = new Set(['apply_patch', 'local_shell', 'computer', 'computer_use_preview'])

const isAtClient = (type: string, tool: Record<string, unknown>): boolean =>
  (type === 'shell' && isRecord(tool.environment) && tool.environment.type === 'local') ||
  (type === 'tool_search' && tool.execution === 'client')

/**
 * How many the request only names. Those that run at the provider add to the prompt with each turn that they take, and
 * no request limits by how much.
 */
export function lookAtTools(found: Content, tools: readonly unknown[]): number {
  let namedTools = 0
  for (const tool of tools) {
    const type = isRecord(tool) ? String(tool.type) : ''
    if (DESCRIBED.has(type)) continue
    if (NAMED.has(type) || (isRecord(tool) && isAtClient(type, tool))) namedTools++
    else note(found, `a tool of the type ${named(type)}, which runs at the provider,`)
  }
  return namedTools
}
