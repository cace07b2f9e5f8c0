/** A request in the terms that both formats share. */

export interface OfferedTool {
  name: string
  /** JSON schema of its input. */
  schema: unknown
}

export interface PromptBlock {
  /** Everything that decides about the answer, as text: equal text is equal cache. */
  content: string
  tokens: number
  /** Where a cached beginning may end; `null`: not here. */
  cacheFor: '5m' | '1h' | null
}

export interface Prompt {
  /** The last words of the user; empty when a tool's result came last. */
  lastWords: string
  toolResult: string | null
  /** The last words of the user, whatever came after them. */
  asked: string
  /** Of the tools, since then. */
  results: readonly { text: string; isError: boolean }[]
  tools: OfferedTool[]
  /** `must`: a tool has to be called; a name: this one. */
  toolChoice: 'may' | 'must' | 'never' | { name: string }
  /** Offers the provider's own web search. */
  webSearch: boolean
  thinks: boolean
  maxTokens: number
  stopSequences: readonly string[]
  /** In the order in which they are cached: tools, system, messages. */
  blocks: PromptBlock[]
}

export const inputTokens = (prompt: Pick<Prompt, 'blocks'>) =>
  prompt.blocks.reduce((sum, block) => sum + block.tokens, 0)
