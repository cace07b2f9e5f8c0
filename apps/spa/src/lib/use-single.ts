/** Lets one call through at a time: a second click comes before the page has drawn that the first is under way. */
import { useRef } from 'react'

type Mutate<T> = (input: T, options: { onSettled: () => void }) => void

export function useSingle<T>(mutate: Mutate<T>): (input: T) => void {
  const busy = useRef(false)
  return (input) => {
    if (busy.current) return
    busy.current = true
    mutate(input, {
      onSettled: () => {
        busy.current = false
      },
    })
  }
}
