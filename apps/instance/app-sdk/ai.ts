/** The AI, on its owner's credits: they are asked once whether this app may, and until they say so this waits. */
import { call, MosError } from './call.ts'

interface Asking {
  /** All of the text so far, and what was new. */
  onText?: (text: string, added: string) => void
  signal?: AbortSignal
  [option: string]: unknown
}

interface StreamEvent {
  type: string
  delta?: { type: string; text?: string }
  error?: { message?: string }
}

export const ai = {
  state: async (): Promise<unknown> => (await call('ai')).json(),
  /** Resolves to the text of the answer. */
  async ask(prompt: unknown, { onText, signal, ...options }: Asking = {}): Promise<string> {
    const messages = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt
    const { body } = await ai.messages({ ...options, messages, stream: true }, signal ? { signal } : {})
    let text = ''
    for await (const { type, delta, error } of eventsOf(body)) {
      if (type === 'error') throw new MosError(error?.message ?? 'The AI stopped.', 502)
      if (type !== 'content_block_delta' || delta?.type !== 'text_delta') continue
      const added = delta.text ?? ''
      text += added
      onText?.(text, added)
    }
    return text
  },
  /** The Messages API as it is. */
  messages: (request: object, { signal }: { signal?: AbortSignal } = {}): Promise<Response> =>
    call('ai/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      ...(signal ? { signal } : {}),
    }),
}

async function* eventsOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<StreamEvent> {
  if (!stream) return
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data:')) yield JSON.parse(line.slice(5))
  }
}
