/** The same call in the words of each format. */

export const FORMATS = ['messages', 'chat', 'responses'] as const
export type Format = (typeof FORMATS)[number]

export interface Asked {
  model: string
  maxTokens: number
  isStream: boolean
  text: string
  system: { text: string; ttl: '5m' | '1h' } | null
  /** An image: its tokens must be counted by the provider. */
  hasImage: boolean
  searches: boolean
  isFast: boolean
  /** Of the chat format: whether the stream is to tell its usage, which clients need not ask for. */
  tellsUsage: boolean
}

const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' } }
const WEB_SEARCH = { type: 'web_search_20250305', name: 'web_search', max_uses: 5 }

function messages({ text, system, hasImage, searches, isFast, ...asked }: Asked): object {
  const parts = [{ type: 'text', text }, ...(hasImage ? [IMAGE] : [])]
  const cached = system && {
    ...{ type: 'text', text: system.text },
    cache_control: { type: 'ephemeral', ttl: system.ttl },
  }
  return {
    ...{ model: asked.model, max_tokens: asked.maxTokens, stream: asked.isStream },
    messages: [{ role: 'user', content: parts }],
    ...(cached && { system: [cached] }),
    ...(searches && { tools: [WEB_SEARCH] }),
    ...(isFast && { speed: 'fast' }),
  }
}

const chat = ({ model, maxTokens, isStream, text, system, tellsUsage }: Asked): object => ({
  ...{ model, max_completion_tokens: maxTokens, stream: isStream },
  messages: [...(system ? [{ role: 'system', content: system.text }] : []), { role: 'user', content: text }],
  ...(isStream && tellsUsage && { stream_options: { include_usage: true } }),
})

const responses = ({ model, maxTokens, isStream, text, system }: Asked): object => ({
  ...{ model, max_output_tokens: maxTokens, stream: isStream, input: text },
  ...(system && { instructions: system.text }),
})

export const REQUESTS: Record<Format, { path: string; bodyOf: (asked: Asked) => object }> = {
  messages: { path: '/v1/messages', bodyOf: messages },
  chat: { path: '/v1/chat/completions', bodyOf: chat },
  responses: { path: '/v1/responses', bodyOf: responses },
}
