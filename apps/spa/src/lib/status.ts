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
  detail: 'Everything is kept. Ready when you are.',
  tone: 'asleep',
}
const FAILED: StatusWords = {
  label: 'Not running',
  detail: 'Your files are safe.',
  tone: 'failed',
}
const FALLING_ASLEEP = busy('Falling asleep', 'It is finishing what it does and saving your work.')

const WORDS: Record<Desired, Record<Observed, StatusWords>> = {
  awake: {
    creating: busy('Being built', 'Your computer is being set up.'),
    stopped: busy('Waking up', 'It is about to start.'),
    starting: busy('Waking up', 'It is starting and will be ready in a moment.'),
    running: { label: 'Awake', detail: 'It is running and ready for you.', tone: 'awake' },
    paused: busy('Waking up', 'It is resuming where it was.'),
    stopping: busy('Falling asleep', 'It is stopping first and wakes right after.'),
    failed: FAILED,
    gone: GONE,
  },
  asleep: {
    creating: busy('Being built', 'Your computer is being set up, and sleeps once it is ready.'),
    stopped: ASLEEP,
    starting: FALLING_ASLEEP,
    running: FALLING_ASLEEP,
    paused: { label: 'Dozing', detail: 'It is paused and wakes at once.', tone: 'asleep' },
    stopping: FALLING_ASLEEP,
    failed: FAILED,
    gone: GONE,
  },
  deleted: {
    creating: DELETING,
    stopped: DELETING,
    starting: DELETING,
    running: DELETING,
    paused: DELETING,
    stopping: DELETING,
    failed: DELETING,
    gone: GONE,
  },
}

const RETRYING = busy('Trying again', 'Your files are safe.')
const REBUILT = busy('Waking up', 'Your computer is being prepared. Everything is kept.')
const UNKNOWN = busy('Reconnecting', 'Matrix OS isn’t answering. We’ll reconnect automatically.')

export type StatusState = Pick<InstanceView, 'desired' | 'observed' | 'isFirstStart' | 'error'>

/** `isReconnecting`: nobody knows whether what was last heard still holds, so it is not claimed. */
export function statusWords(state: StatusState, isReconnecting = false): StatusWords {
  if (isReconnecting) return UNKNOWN
  const { desired, observed, isFirstStart, error } = state
  const starts = desired === 'awake' && ['creating', 'stopped', 'starting'].includes(observed)
  if (starts && error) return RETRYING
  // A container that is made anew for an existing home is no new computer.
  if (starts && observed === 'creating' && !isFirstStart) return REBUILT
  return WORDS[desired][observed]
}
