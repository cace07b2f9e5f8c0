/** Announces the platform once every part has started and none is waiting for something it cannot reach. */
import type { Say } from './part-life.ts'

export interface Announcement {
  /** A part reports what it waits for, or `null` when it serves. May be called before `started`, and again. */
  report: (part: string, waitsFor: string | null) => void
  /** Every part has started. */
  started: () => void
}

/** `announce` is called once. Until then `say` names what is waited for, once for each change. */
export function createAnnouncement({ say, announce }: { say: Say; announce: () => void }): Announcement {
  const waits = new Map<string, string>()
  let hasStarted = false
  let isDone = false
  let said = ''

  function tell(): void {
    if (!hasStarted || isDone) return
    if (waits.size === 0) {
      isDone = true
      announce()
      return
    }
    const text = [...waits].map(([part, waitsFor]) => `${part} is waiting for ${waitsFor}`).join(', ')
    if (text !== said) say('warn', `Not up yet: ${text}`)
    said = text
  }

  return {
    report: (part, waitsFor) => {
      if (waitsFor === null) waits.delete(part)
      else waits.set(part, waitsFor)
      tell()
    },
    started: () => {
      hasStarted = true
      tell()
    },
  }
}
