/** The state of the connection, without the attempts: one that breaks again while it comes back is one loss. */
import { useEffect, useState } from 'react'
import type { LinkState } from '../connection/link.ts'
import { pulse } from '../connection/pulse.ts'

export function useSettledLink(): LinkState {
  const [settled, setSettled] = useState(pulse.get())
  useEffect(
    () =>
      pulse.watch(() => {
        const next = pulse.get()
        if (next !== 'connecting') setSettled(next)
      }),
    [],
  )
  return settled
}
