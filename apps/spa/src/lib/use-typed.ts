/** A text that somebody types and that takes effect a moment after the last key. */
import { useEffect, useEffectEvent, useState } from 'react'

const PAUSE_MS = 250

/** `value`: what counts now. It replaces what is in the field only where it came from elsewhere, as the Back button does. */
export function useTyped(value: string, commit: (text: string) => void) {
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  const [sent, setSent] = useState(value)
  if (value !== seen) {
    setSeen(value)
    if (value !== sent) {
      setText(value)
      setSent(value)
    }
  }
  const send = useEffectEvent((next: string) => {
    setSent(next)
    commit(next)
  })
  useEffect(() => {
    if (text === sent) return
    const timer = setTimeout(() => send(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, sent])
  return [text, setText] as const
}
