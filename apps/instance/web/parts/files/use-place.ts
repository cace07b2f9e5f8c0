/** Where a window of the files is, and where it was before. */
import { useCallback, useState } from 'react'

/** No path of a file holds NUL: the trash is a place of its own. */
export const TRASH = '\0trash'

export interface Place {
  path: string
  canGoBack: boolean
  canGoForward: boolean
  go(path: string): void
  /** By so many steps. */
  turn(by: -1 | 1): void
}

export function usePlace(first: string): Place {
  const [way, setWay] = useState({ paths: [first], at: 0 })
  const go = useCallback(
    (path: string) =>
      setWay(({ paths, at }) =>
        paths[at] === path ? { paths, at } : { paths: [...paths.slice(0, at + 1), path], at: at + 1 },
      ),
    [],
  )
  const turn = useCallback(
    (by: -1 | 1) =>
      setWay(({ paths, at }) => ({ paths, at: Math.min(paths.length - 1, Math.max(0, at + by)) })),
    [],
  )
  return {
    path: way.paths[way.at] ?? '',
    canGoBack: way.at > 0,
    canGoForward: way.at < way.paths.length - 1,
    go,
    turn,
  }
}
