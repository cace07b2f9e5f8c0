/** Keeps the look and the windows in the home, and for the next load in this browser too. */
import {
  LONGEST_TARGET,
  type Look,
  MOST_WINDOWS,
  NEW_SHELL,
  type ShellChange,
  type ShellState,
} from '../../src/shell/look.ts'
import { pulse } from './connection/pulse.ts'
import { windows } from './desk.ts'
import { look, startLook } from './look.ts'
import { createLookElsewhere } from './look-elsewhere.ts'
import { ANSWER_WITHIN_MS } from './me.ts'
import { remember } from './remember.ts'
import { sendJson } from './send.ts'
import { createStore } from './store.ts'
import type { Win } from './windows/model.ts'

const KEY = 'mos-shell'
const QUIET_MS = 600
/** For how long a change that the home was never told comes before what the home has. */
const UNSENT_MS = 3_600_000

/** Whether anything was ever opened on this computer. */
export const hasStarted = createStore(true)

type Key = keyof ShellState
/** What this browser keeps; `unsent`: what the home may not have been told, when the page was left or the computer killed. */
type Cached = ShellState & { unsent?: Key[]; at?: number }
const STORES = { look, windows, hasStarted } as const

/** So that the frame looks the way it did before the computer has answered. */
export const recallLook = (): void => look.set(readCache().look)

/** For its owner. Never rejects, and resolves when the page may be drawn; a computer that does not answer leaves what this browser kept. */
export async function startKeeping(): Promise<void> {
  const cached = readCache()
  const unsent = unsentOf(cached)
  const kept = await readKept().catch(() => cached)
  for (const key of unsent) Object.assign(kept, { [key]: cached[key] })
  look.set(kept.look)
  windows.set(kept.windows)
  hasStarted.set(kept.hasStarted)
  startLook()
  watchChanges(unsent)
}

async function readKept(): Promise<ShellState> {
  const answer = await fetch('/api/shell', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return (await answer.json()) as ShellState
}

function readCache(): Cached {
  try {
    return { ...NEW_SHELL, hasStarted: true, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return NEW_SHELL
  }
}

function unsentOf({ unsent, at = 0 }: Cached): Key[] {
  if (!Array.isArray(unsent) || Date.now() - at > UNSENT_MS) return []
  return unsent.filter((key) => Object.hasOwn(STORES, key))
}

/** One that the home would not take would keep it from taking all others, and the look. */
const isKeepable = ({ target }: Win) => (JSON.stringify(target) ?? '').length <= LONGEST_TARGET

const stateNow = (): ShellState => ({
  look: look.get(),
  windows: windows.get().filter(isKeepable).slice(-MOST_WINDOWS),
  hasStarted: hasStarted.get(),
})

/** What the home does not know yet. */
const changed = new Set<Key>()
/** While the home is what a change comes from. */
let isHeard = false

const lookElsewhere = createLookElsewhere({
  isChosenHere: () => changed.has('look'),
  show: (kept) => {
    isHeard = true
    look.update((now) => (isSame(now, kept) ? now : kept))
    isHeard = false
  },
})

/** What the home keeps now, perhaps by another page of the owner's. */
export const hearLook = (kept: Look): void => lookElsewhere.hear(kept)

const isSame = (one: Look, other: Look): boolean =>
  one.theme === other.theme && one.hue === other.hue && one.wallpaper === other.wallpaper

function watchChanges(unsent: Key[]): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Sent, and not answered: a killed computer may have lost it. */
  const onTheWay = new Set<readonly Key[]>()
  const keep = () => {
    const untold = [...new Set([...changed, ...[...onTheWay].flat()])]
    remember(KEY, { ...stateNow(), ...(untold.length > 0 && { unsent: untold, at: Date.now() }) })
  }

  const save = () => {
    clearTimeout(timer)
    timer = undefined
    // A computer that sleeps is not woken to be told where a window is.
    if (changed.size === 0 || pulse.get() !== 'open') return
    const state = stateNow()
    const saved = [...changed]
    const change: ShellChange = Object.fromEntries(saved.map((key) => [key, state[key]]))
    changed.clear()
    onTheWay.add(saved)
    const settle = (isKept: boolean) => {
      onTheWay.delete(saved)
      if (!isKept) for (const key of saved) changed.add(key)
      keep()
    }
    const sent = sendJson('PUT', '/api/shell', change, { keepalive: true }).then(settle, () => settle(false))
    if (change.look) void lookElsewhere.sending(sent)
  }
  const note = (key: Key) => () => {
    if (!isHeard) changed.add(key)
    keep()
    if (!isHeard) timer ??= setTimeout(save, QUIET_MS)
  }
  for (const key of ['look', 'windows', 'hasStarted'] as const) STORES[key].watch(note(key))
  pulse.watch(() => pulse.get() === 'open' && save())
  document.addEventListener('visibilitychange', () => document.hidden && save())
  for (const key of unsent) changed.add(key)
  save()
}
