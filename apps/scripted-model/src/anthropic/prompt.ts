/** The Messages protocol's request in the terms that both formats share. */
import type { Prompt, PromptBlock } from '../answer/prompt.ts'
import { countTokens, DOCUMENT_TOKENS, IMAGE_TOKENS } from '../answer/tokens.ts'
import { withoutScript } from '../script/find.ts'
import type { CountRequest, MessagesRequest, RequestBlock } from './request.ts'

/** The texts that may begin with a directive: of the system, and of the first message. */
export function firstTexts(request: CountRequest): string[] {
  const first = [request.system, request.messages[0]?.content]
  return first.flatMap((content) => blocksOf(content).slice(0, 1)).flatMap((block) => block.text ?? [])
}

export function promptOf(request: MessagesRequest): Prompt {
  const last = blocksOf(request.messages.at(-1)?.content)
  const words = last.findLastIndex(isAsked)
  // Of a call that was given up: what is said after its result is what is to be answered.
  const result = last.slice(words + 1).find((block) => block.type === 'tool_result')
  const tools = request.tools ?? []
  return {
    lastWords: withoutScript(result ? '' : (last[words]?.text ?? '')),
    toolResult: result ? textOf(result.content) : null,
    ...sinceAsked(request),
    tools: tools
      .filter(({ type }) => !type || type === 'custom')
      .map((tool) => ({ name: tool.name, schema: tool.input_schema })),
    toolChoice: choiceOf(request.tool_choice),
    webSearch: tools.some((tool) => tool.type?.startsWith('web_search_')),
    thinks: request.thinking !== undefined && request.thinking.type !== 'disabled',
    maxTokens: request.max_tokens,
    stopSequences: request.stop_sequences ?? [],
    blocks: promptBlocks(request),
  }
}

/** Programs tell their model things in brackets and tags, which nobody asked. */
const TOLD = /^(\[[^\]]*\]|<([a-z-]+)>.*<\/\2>)$/s
const isAsked = ({ type, text = '' }: RequestBlock) => type === 'text' && !TOLD.test(text.trim())

function sinceAsked({ messages }: MessagesRequest): Pick<Prompt, 'asked' | 'results'> {
  const blocks = messages.flatMap(({ role, content }) => (role === 'user' ? blocksOf(content) : []))
  const at = blocks.findLastIndex(isAsked)
  const results = blocks.slice(at + 1).filter(({ type }) => type === 'tool_result')
  return {
    asked: withoutScript(blocks[at]?.text ?? ''),
    results: results.map(({ content, is_error }) => ({ text: textOf(content), isError: is_error === true })),
  }
}

/** In the order of the cache: tools, system, messages. */
export function promptBlocks(request: CountRequest): PromptBlock[] {
  const blocks = [
    ...(request.tools ?? []).map((tool) => measured(tool, tool.cache_control)),
    ...blocksOf(request.system).map((block) => measured(block, block.cache_control, block)),
    ...request.messages.flatMap(({ role, content }) =>
      blocksOf(content).map((block) => measured({ ...block, role }, block.cache_control, block)),
    ),
  ]
  const last = blocks.at(-1)
  // Of the whole request: its last block ends the cached beginning.
  if (last && request.cache_control) last.cacheFor ??= request.cache_control.ttl ?? '5m'
  return blocks
}

type CacheControl = CountRequest['cache_control']

function measured(content: object, cache: CacheControl, block?: RequestBlock): PromptBlock {
  // Whether a beginning ends here is no part of it.
  const text = JSON.stringify({ ...content, cache_control: undefined })
  return {
    content: text,
    tokens: block ? tokensOf(block, text) : countTokens(text),
    cacheFor: cache ? (cache.ttl ?? '5m') : null,
  }
}

function tokensOf(block: RequestBlock, whole: string): number {
  if (block.type === 'image') return IMAGE_TOKENS
  if (block.type === 'document') return DOCUMENT_TOKENS
  return countTokens(block.type === 'text' ? (block.text ?? '') : whole)
}

const blocksOf = (content: string | RequestBlock[] | undefined): RequestBlock[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return JSON.stringify(content ?? '')
}

function choiceOf(choice: CountRequest['tool_choice']): Prompt['toolChoice'] {
  if (choice?.type === 'tool' && choice.name) return { name: choice.name }
  if (choice?.type === 'any') return 'must'
  return choice?.type === 'none' ? 'never' : 'may'
}
