/** Files by name, while somebody types. */
import { useEffect, useState } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { findPart } from '../parts.ts'

export interface FoundFile {
  path: string
  isFolder: boolean
}

const QUIET_MS = 150
const MOST = 12
const SHORTEST = 2
const NONE: readonly FoundFile[] = []

export interface FoundFiles {
  files: readonly FoundFile[]
  /** There may be more, or any at all. */
  isSearching: boolean
}

/** Empty where this computer cannot search, and until it answers. */
export function useFoundFiles(me: Me, typed: string): FoundFiles {
  const [found, setFound] = useState({ query: '', files: NONE, isDone: true })
  const query = typed.trim()
  const isOffered = !me.viewer && findPart('files') !== undefined && query.length >= SHORTEST
  useEffect(() => {
    if (!isOffered) return
    const enough = new AbortController()
    const show = (files: readonly FoundFile[]) => setFound({ query, files, isDone: false })
    const end = () => {
      if (enough.signal.aborted) return
      setFound((so) => ({ query, files: so.query === query ? so.files : NONE, isDone: true }))
    }
    const timer = setTimeout(() => {
      search(query, enough.signal, show)
        .catch(() => undefined)
        .then(end)
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      enough.abort()
    }
  }, [isOffered, query])
  if (!isOffered) return { files: NONE, isSearching: false }
  return found.query === query
    ? { files: found.files, isSearching: !found.isDone }
    : { files: NONE, isSearching: true }
}

async function search(
  query: string,
  signal: AbortSignal,
  show: (found: readonly FoundFile[]) => void,
): Promise<void> {
  const answer = await fetch(`/api/files/search?in=names&path=&query=${encodeURIComponent(query)}`, {
    signal,
  })
  if (!answer.ok || !answer.body) return
  const found: FoundFile[] = []
  for await (const line of linesOf(answer.body)) {
    const match: { type: string; path: string; kind: string } = JSON.parse(line)
    if (match.type !== 'match') return
    found.push({ path: match.path, isFolder: match.kind === 'folder' })
    show([...found])
    if (found.length === MOST) return
  }
}

/** Lines of a stream, each as soon as it is whole. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) if (line !== '') yield line
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
