/** When what is being written would run next, as the platform says: it is what wakes the computer. */
import { useEffect, useState } from 'react'
import { SCHEDULES_API } from '../../../../src/channels/protocol.ts'
import { ask, problemOf } from '../ask.ts'
import { type Reader, readerNow } from '../when.ts'

/** Somebody who types has paused. */
const PAUSE_MS = 350

interface Checked {
  next: string[]
  problem: string | null
}

export function usePreview(cron: string, timezone: string): Checked & { reader: Reader } {
  const [checked, setChecked] = useState<Checked>({ next: [], problem: null })
  useEffect(() => {
    let isOver = false
    const timer = setTimeout(async () => {
      const body = { timing: { cron, timezone } }
      const answer = await ask<Checked>('POST', `${SCHEDULES_API}/check`, body).catch((error: unknown) => ({
        ...{ next: [], problem: problemOf(error).message },
      }))
      if (!isOver) setChecked(answer)
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [cron, timezone])
  return { ...checked, reader: readerNow() }
}
