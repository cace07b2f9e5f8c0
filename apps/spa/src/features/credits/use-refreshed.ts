/** Asks again for what depends on something that came over the stream. */
import { useEffect, useEffectEvent, useRef } from 'react'

/** Not at once: calls that end together ask once. */
const PAUSE_MS = 1_000

export function useRefreshed(value: string, refetch: () => unknown): void {
  const seen = useRef(value)
  const again = useEffectEvent(() => void refetch())
  useEffect(() => {
    if (seen.current === value) return
    // What changes and changes back has happened all the same.
    seen.current = value
    const timer = setTimeout(again, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
}
