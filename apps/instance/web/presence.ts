/** Tells when somebody is at this page, and when nobody has looked at it for a while. */

export interface PresenceOptions {
  /** Hidden this long, the page counts as forgotten. */
  awayAfterMs: number
  onHidden: () => void
  onAway: () => void
  onHere: () => void
}

export function watchPresence({ awayAfterMs, onHidden, onAway, onHere }: PresenceOptions): void {
  let away: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(away)
    if (!document.hidden) return onHere()
    onHidden()
    away = setTimeout(onAway, awayAfterMs)
  }
  document.addEventListener('visibilitychange', look)
  const here = () => {
    if (!document.hidden) onHere()
  }
  for (const type of ['focus', 'online', 'pageshow']) window.addEventListener(type, here)
  for (const type of ['pointerdown', 'keydown'])
    document.addEventListener(type, here, { capture: true, passive: true })
  if (document.hidden) look()
}
