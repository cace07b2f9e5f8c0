/**
 * Holds a program up while a page that watches it has too much to show, so that neither the page's memory nor this
 * process's grows with the output. A page that shows nothing any more is let go of: it can attach anew.
 */
import type { View } from './view.ts'

/** More unshown bytes hold the program up: a second's worth for a slow page, and far more than a screen. */
const MOST_UNSHOWN = 384 * 1024
const FEW_UNSHOWN = 96 * 1024
/** The mirror takes a megabyte in within some tens of milliseconds. */
const MOST_PENDING = 1024 * 1024
const FEW_PENDING = 256 * 1024
const LOOK_EVERY_MS = 1_000

export interface BrakeOptions {
  views: ReadonlySet<View>
  /** Bytes that the mirror has not taken in. */
  pending: () => number
  pause: () => void
  resume: () => void
  /** This view has shown nothing for `stallMs` while others waited for it. */
  onStalled: (view: View) => void
  stallMs: number
  now: () => number
}

export interface Brake {
  /** Looks at all of them again: after output, and after whatever was shown. */
  check(): void
  /** For a program that has ended. */
  release(): void
}

export function createBrake(options: BrakeOptions): Brake {
  const { views, pending, pause, resume, onStalled, stallMs, now } = options
  let isOn = false
  let onSince = 0
  let timer: NodeJS.Timeout | undefined

  const isBehind = (view: View) => view.unshown > FEW_UNSHOWN
  const look = () => {
    const since = now() - stallMs
    for (const view of views) {
      if (isBehind(view) && Math.max(view.shownAt, onSince) < since) onStalled(view)
    }
  }
  const release = () => {
    isOn = false
    clearInterval(timer)
  }
  return {
    check() {
      if (isOn) {
        if (pending() > FEW_PENDING || [...views].some(isBehind)) return
        release()
        resume()
      } else if (pending() > MOST_PENDING || [...views].some(({ unshown }) => unshown > MOST_UNSHOWN)) {
        isOn = true
        onSince = now()
        timer = setInterval(look, Math.min(LOOK_EVERY_MS, stallMs))
        pause()
      }
    },
    release,
  }
}
