/** Tells when somebody acts on this page, when it is merely seen, and when nobody has been there for a while. */

export interface PresenceOptions {
  /** Hidden this long, the page counts as left. */
  awayAfterMs: number
  /** So does a page in plain sight, without a key, a tap or a movement for this long. */
  idleAfterMs: number
  onHidden: () => void
  onAway: () => void
  /** A key or a tap. */
  onAct: () => void
  /** The page came into sight, or the network back: nothing that anybody did on the page. */
  onSeen: () => void
}

const ACTS = ['pointerdown', 'keydown'] as const
const MOVES = ['pointermove', 'wheel', 'scroll'] as const
const CAPTURE = { capture: true, passive: true }

/** On their own these mean nothing, and with another key they belong to the browser or the system. */
const MODIFIERS = ['Alt', 'AltGraph', 'Control', 'Meta', 'Shift']

const isShortcut = (event: Event): boolean =>
  event instanceof KeyboardEvent &&
  (MODIFIERS.includes(event.key) || event.altKey || event.ctrlKey || event.metaKey)

export function watchPresence(options: PresenceOptions): void {
  const { awayAfterMs, idleAfterMs, onHidden, onAway, onAct, onSeen } = options
  let timer: ReturnType<typeof setTimeout> | undefined
  let activeAt = Date.now()

  const wait = () => {
    clearTimeout(timer)
    const leftMs = activeAt + (document.hidden ? awayAfterMs : idleAfterMs) - Date.now()
    timer = leftMs > 0 ? setTimeout(wait, leftMs) : undefined
    if (leftMs <= 0) onAway()
  }
  const active = () => {
    activeAt = Date.now()
    if (timer === undefined) wait()
  }
  const seen = () => {
    if (document.hidden) return
    active()
    onSeen()
  }
  document.addEventListener('visibilitychange', () => {
    activeAt = Date.now()
    wait()
    if (document.hidden) onHidden()
    else onSeen()
  })
  for (const type of ['focus', 'online', 'pageshow']) window.addEventListener(type, seen)
  const move = () => {
    const wasAway = timer === undefined
    active()
    if (wasAway) onSeen()
  }
  for (const type of MOVES) document.addEventListener(type, move, CAPTURE)
  const act = (event: Event) => {
    active()
    if (!isShortcut(event)) onAct()
  }
  for (const type of ACTS) document.addEventListener(type, act, CAPTURE)
  wait()
}
