/** What a camera saw, and how it becomes part of a film: what waits is cut, what is long runs faster. Pure. */

export interface Shot {
  /** Milliseconds of a clock that all cameras share. */
  atMs: number
  /** The picture's file. */
  file: string
}

/** One camera's pictures, in their order. */
export type Take = readonly Shot[]

export const FRAMES_PER_S = 25
/** Nothing moves for longer than this. */
const STILL_MS = 600

/**
 * For each frame of the film the pictures of all cameras side by side. No longer than `seconds`; shorter where less
 * happened; then the last ones for another `lingerS`. Throws when a camera saw nothing.
 */
export function cut(takes: readonly Take[], seconds: number, lingerS = 0): string[][] {
  if (takes.some((take) => take.length === 0)) throw new Error('A camera saw nothing.')
  const moments = takes
    .flat()
    .map(({ atMs }) => atMs)
    .sort((a, b) => a - b)
  // Nothing is shown before every camera has a picture.
  const startMs = Math.max(...takes.map(([first]) => first?.atMs ?? 0))
  const shown = shortened(moments.filter((at) => at >= startMs))
  const lengthMs = (shown.at(-1)?.filmMs ?? 0) + STILL_MS
  const speed = Math.max(1, lengthMs / (seconds * 1_000))
  const count = Math.round((lengthMs / speed / 1_000 + lingerS) * FRAMES_PER_S)
  return Array.from({ length: count }, (_, frame) => {
    const filmMs = (frame / FRAMES_PER_S) * 1_000 * speed
    const at = shown.findLast((one) => one.filmMs <= filmMs)?.atMs ?? startMs
    return takes.map((take) => (take.findLast(({ atMs }) => atMs <= at) ?? take[0])?.file ?? '')
  })
}

function shortened(moments: readonly number[]): { atMs: number; filmMs: number }[] {
  let filmMs = 0
  return moments.map((atMs, index) => {
    filmMs += Math.min(STILL_MS, atMs - (moments[index - 1] ?? atMs))
    return { atMs, filmMs }
  })
}
