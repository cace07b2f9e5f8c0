/** A folder as it is now, and as it was a moment ago while that is asked for. */
import { useCallback, useEffect, useState } from 'react'
import type { Entry } from '../../../src/files/api/protocol.ts'
import { watchPath } from './client/changes.ts'
import { files } from './client/files.ts'
import { FilesError, isAborted, UNEXPECTED } from './client/problem.ts'

export interface Folder {
  /** `null`: not known yet. */
  entries: readonly Entry[] | null
  isComplete: boolean
  /** Why what is shown may be old, or nothing is shown. */
  error: FilesError | null
  refresh: () => void
}

interface Seen {
  path: string
  entries: readonly Entry[] | null
  isComplete: boolean
  error: FilesError | null
}

/** Listings that were shown before: going back shows them at once. */
const known = new Map<string, Pick<Seen, 'entries' | 'isComplete'>>()
const KNOWN_AT_MOST = 24
/** A program that writes a thousand files tells a thousand times. */
const REST_MS = 150

const remember = (path: string, listing: Pick<Seen, 'entries' | 'isComplete'>) => {
  known.delete(path)
  known.set(path, listing)
  const oldest = known.keys().next().value
  if (known.size > KNOWN_AT_MOST && oldest !== undefined) known.delete(oldest)
}

const seenBefore = (path: string): Seen => ({
  path,
  error: null,
  ...(known.get(path) ?? { entries: null, isComplete: true }),
})

/** `null`: none is shown. */
export function useFolder(path: string | null): Folder {
  const [seen, setSeen] = useState<Seen>(() => seenBefore(path ?? ''))
  const [asked, setAsked] = useState(0)
  const refresh = useCallback(() => setAsked((count) => count + 1), [])
  // Another folder never shows the entries of the last one, not even for one frame.
  const current = seen.path === path ? seen : seenBefore(path ?? '')

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks once more.
  useEffect(() => {
    if (path === null) return
    const controller = new AbortController()
    files.list(path, controller.signal).then(
      ({ entries, isComplete }) => {
        remember(path, { entries, isComplete })
        setSeen({ path, entries, isComplete, error: null })
      },
      (error) => {
        if (isAborted(error)) return
        const told = error instanceof FilesError ? error : new FilesError(UNEXPECTED, { status: -1 })
        if (told.status === 404) known.delete(path)
        setSeen({ ...seenBefore(path), error: told })
      },
    )
    return () => controller.abort()
  }, [path, asked])

  useEffect(() => {
    if (path === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const end = watchPath(path, () => {
      timer ??= setTimeout(() => {
        timer = undefined
        refresh()
      }, REST_MS)
    })
    return () => {
      clearTimeout(timer)
      end()
    }
  }, [path, refresh])

  return { ...current, refresh }
}
