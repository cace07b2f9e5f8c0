/** The live counter, asked for again every few seconds while the page is seen. */
import type { SignUpMode } from '@matrixos/shared'
import { litCount } from '../lights.ts'
import { caption, SIGN_UP, UNCOUNTED } from '../words.ts'

export interface Stats {
  running: number
  instances: number
  signUp: SignUpMode
}

export interface WatchOptions {
  read: () => Promise<Stats>
  everyMs: number
  /** `null`: nobody answers. */
  onStats: (now: Stats | null) => void
}

/** Asks at once, and on. What it returns ends that. */
export function watchStats({ read, everyMs, onStats }: WatchOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  let isAsking = false
  const ask = async () => {
    clearTimeout(timer)
    if (isAsking || isOver) return
    isAsking = true
    onStats(await read().catch(() => null))
    isAsking = false
    if (!isOver && document.visibilityState === 'visible') timer = setTimeout(ask, everyMs)
  }
  const onSeen = () => {
    if (document.visibilityState === 'visible') void ask()
  }
  document.addEventListener('visibilitychange', onSeen)
  void ask()
  return () => {
    isOver = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onSeen)
  }
}

/** A number that no longer arrives is not live, so it is not shown. */
export function showCounter(root: ParentNode, now: Stats | null): void {
  const running = root.querySelector<HTMLElement>('[data-running]')
  running?.toggleAttribute('data-unknown', now === null)
  setText(running, now ? now.running.toLocaleString('en') : '–')
  setText(root.querySelector('[data-caption]'), now ? caption(now) : UNCOUNTED)
  setText(root.querySelector('[data-sign-up]'), SIGN_UP[now?.signUp ?? 'open'])
  const lit = now ? litCount(now.running, now.instances) : 0
  for (const light of root.querySelectorAll<HTMLElement>('[data-light]'))
    light.toggleAttribute('data-lit', Number(light.dataset.light) < lit)
}

/** What stays the same is left alone: a screen reader or a selection may be there. */
function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text
}
