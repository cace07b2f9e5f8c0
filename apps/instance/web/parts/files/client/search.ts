/** Search, line by line as the computer finds. */
import * as z from 'zod/mini'
import { type SearchLine, searchLine } from '../../../../src/files/api/protocol.ts'
import { FilesError, OFFLINE } from './problem.ts'
import { ask } from './request.ts'

export interface SearchQuestion {
  query: string
  in: 'names' | 'contents'
  /** The folder to search below. */
  path: string
}

/** Ends after the line `done`; rejects with a FilesError when the connection breaks before. */
export async function* search(question: SearchQuestion, signal: AbortSignal): AsyncGenerator<SearchLine> {
  const answer = await ask('search', { query: { ...question }, signal })
  if (!answer.body) throw new FilesError(OFFLINE, { status: 0 })
  for await (const line of linesOf(answer.body, signal)) {
    const said = z.parse(searchLine, JSON.parse(line))
    yield said
    if (said.type === 'done') return
  }
  throw new FilesError(OFFLINE, { status: 0 })
}

async function* linesOf(stream: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        if (signal.aborted) throw error
        throw new FilesError(OFFLINE, { status: 0 })
      })
      if (done) return
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines.filter((line) => line !== '')
    }
  } finally {
    // Whoever has seen enough: the computer stops searching.
    await reader.cancel().catch(() => undefined)
  }
}
