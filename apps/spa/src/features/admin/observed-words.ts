/** What a computer was last seen doing, in a word. */
import type { Desired, Observed } from '@matrixos/shared'
import type { Tone } from '../../lib/status.ts'

export const OBSERVED_WORDS: Record<Observed, { label: string; tone: Tone }> = {
  running: { label: 'Awake', tone: 'awake' },
  stopped: { label: 'Asleep', tone: 'asleep' },
  paused: { label: 'Dozing', tone: 'asleep' },
  creating: { label: 'Being set up', tone: 'busy' },
  starting: { label: 'Waking up', tone: 'busy' },
  stopping: { label: 'Falling asleep', tone: 'busy' },
  failed: { label: 'Not running', tone: 'failed' },
  archiving: { label: 'Being archived', tone: 'asleep' },
  archived: { label: 'Archived', tone: 'asleep' },
  restoring: { label: 'Being unpacked', tone: 'busy' },
  gone: { label: 'Deleted', tone: 'asleep' },
}

/** In a list: that a computer will be deleted counts for more than that it is asleep until then. */
export const listedWords = ({ desired, observed }: { desired: Desired; observed: Observed }) =>
  desired === 'leaving' ? { label: 'To be deleted', tone: 'asleep' as const } : OBSERVED_WORDS[observed]
