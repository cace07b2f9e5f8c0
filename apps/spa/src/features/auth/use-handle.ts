/** The handle field's text and what is known of it, live. */
import { useEffect, useRef, useState } from 'react'
import { createAvailability, type HandleState, localState } from '../../lib/availability.ts'
import { trpc } from '../../lib/trpc.ts'

const DELAY_MS = 250

export function useHandle(initial: string) {
  const { client } = trpc.useUtils()
  const [text, setText] = useState(initial)
  const [state, setState] = useState<HandleState>(() => localState(initial))
  const watcher = useRef<ReturnType<typeof createAvailability>>(null)

  useEffect(() => {
    const made = createAvailability({
      check: (handle, signal) => client.auth.handleAvailability.query({ handle }, { signal }),
      onChange: setState,
      delayMs: DELAY_MS,
    })
    watcher.current = made
    return made.stop
  }, [client])

  useEffect(() => watcher.current?.update(text), [text])
  return { text, setText, state }
}
