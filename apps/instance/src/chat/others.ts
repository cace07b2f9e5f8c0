/** Questions of this process to other people's AIs, which its parent asks. */
import { PlainError } from '../files/plain-words.ts'
import type { ToHost } from './host-protocol.ts'
import type { AskAiToolOptions } from './tools/ask-ai.ts'

type Asked = Parameters<AskAiToolOptions['askOther']>[0]

export function createOthers(send: (number: number, asked: Asked) => void) {
  const waiting = new Map<number, PromiseWithResolvers<string>>()
  let last = 0
  return {
    async ask(asked: Asked, signal: AbortSignal): Promise<string> {
      const number = ++last
      const answer = Promise.withResolvers<string>()
      const stop = () => answer.reject(signal.reason)
      waiting.set(number, answer)
      signal.addEventListener('abort', stop, { once: true })
      send(number, asked)
      try {
        return await answer.promise
      } finally {
        signal.removeEventListener('abort', stop)
        waiting.delete(number)
      }
    },
    hear({ number, words, isError }: Extract<ToHost, { type: 'other-answer' }>): void {
      if (isError) waiting.get(number)?.reject(new PlainError(words))
      else waiting.get(number)?.resolve(words)
    },
  }
}
