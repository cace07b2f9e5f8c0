/** What a search has found so far. */
import { useEffect, useState } from 'react'
import type { SearchLine } from '../../../../src/files/api/protocol.ts'
import { isAborted, wordsOf } from '../client/problem.ts'
import { type SearchQuestion, search } from '../client/search.ts'

export type Match = Extract<SearchLine, { type: 'match' }>
export type Done = Extract<SearchLine, { type: 'done' }>

export interface Found {
  matches: readonly Match[]
  /** `null`: it still looks. */
  done: Done | null
  failure: string | null
}

const NOTHING: Found = { matches: [], done: null, failure: null }
/** Somebody who types on does not want the answer to what is typed so far. */
const QUIET_MS = 220
const SHOWN_EVERY_MS = 80

export function useSearch({ query, in: where, path }: SearchQuestion): Found {
  const [found, setFound] = useState<Found>(NOTHING)
  useEffect(() => {
    setFound(NOTHING)
    if (query.trim() === '') return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      run({ query, in: where, path }, controller.signal, setFound).catch((error) => {
        if (!isAborted(error)) setFound((so) => ({ ...so, failure: wordsOf(error) }))
      })
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [query, where, path])
  return found
}

async function run(
  question: SearchQuestion,
  signal: AbortSignal,
  show: (found: Found) => void,
): Promise<void> {
  let matches: Match[] = []
  let shownAt = 0
  for await (const line of search(question, signal)) {
    if (signal.aborted) return
    if (line.type === 'done') return show({ matches, done: line, failure: null })
    matches = [...matches, line]
    if (performance.now() - shownAt < SHOWN_EVERY_MS) continue
    shownAt = performance.now()
    show({ matches, done: null, failure: null })
  }
}
