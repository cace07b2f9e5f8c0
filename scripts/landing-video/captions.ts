/** The film's captions as WebVTT. Pure. */

export interface Cue {
  seconds: number
  text: string
}

const stamp = (seconds: number): string => {
  const ms = Math.round(seconds * 1_000)
  return `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, '0')}`
}

/** One after the other, without a gap. */
export function webVtt(cues: readonly Cue[]): string {
  let at = 0
  const blocks = cues.map(({ seconds, text }) => {
    const block = `${stamp(at)} --> ${stamp(at + seconds)}\n${text}\n`
    at += seconds
    return block
  })
  return `WEBVTT\n\n${blocks.join('\n')}`
}
