/** An instance's state in words, for every pair of what is observed and what is wanted. */
import type { Desired, InstanceView, Observed } from '@matrixos/shared'

export type Tone = 'awake' | 'asleep' | 'busy' | 'failed'

export interface StatusWords {
  label: string
  detail: string
  tone: Tone
}

const busy = (label: string, detail: string): StatusWords => ({ label, detail, tone: 'busy' })
const DELETING = busy('Deleting', 'Your computer and everything on it is being deleted.')
const GONE: StatusWords = { label: 'Deleted', detail: 'This computer no longer exists.', tone: 'asleep' }
const ASLEEP: StatusWords = {
  label: 'Asleep',
  detail: 'Everything is kept. It wakes on your next visit.',
  tone: 'asleep',
}
const FAILED: StatusWords = {
  label: 'Not running',
  detail: 'It could not be started. Your files are safe.',
  tone: 'failed',
}
const FALLING_ASLEEP = busy('Falling asleep', 'It is finishing what it does and saving your work.')

const WORDS: Record<Observed, Record<Desired, StatusWords>> = {
  creating: {
    awake: busy('Being built', 'Your computer is being set up.'),
    asleep: busy('Being built', 'Your computer is being set up, and sleeps once it is ready.'),
    deleted: DELETING,
  },
  stopped: { awake: busy('Waking up', 'It is about to start.'), asleep: ASLEEP, deleted: DELETING },
  starting: {
    awake: busy('Waking up', 'It is starting and will be ready in a moment.'),
    asleep: FALLING_ASLEEP,
    deleted: DELETING,
  },
  running: {
    awake: { label: 'Awake', detail: 'It is running and ready for you.', tone: 'awake' },
    asleep: FALLING_ASLEEP,
    deleted: DELETING,
  },
  paused: {
    awake: busy('Waking up', 'It is resuming where it was.'),
    asleep: { label: 'Dozing', detail: 'It is paused and wakes at once.', tone: 'asleep' },
    deleted: DELETING,
  },
  stopping: {
    awake: busy('Falling asleep', 'It is stopping first and wakes right after.'),
    asleep: FALLING_ASLEEP,
    deleted: DELETING,
  },
  failed: { awake: FAILED, asleep: FAILED, deleted: DELETING },
  gone: { awake: GONE, asleep: GONE, deleted: GONE },
}

export const statusWords = (state: Pick<InstanceView, 'desired' | 'observed'>): StatusWords =>
  WORDS[state.observed][state.desired]
