/** An instance's state in words, for every pair of what is observed and what is wanted. */

import { type Desired, FILES_SAFE, type InstanceView, type Observed, WILL_RECONNECT } from '@matrixos/shared'
import { NOT_ANSWERING } from './texts.ts'

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
  detail: FILES_SAFE,
  tone: 'failed',
}
const FALLING_ASLEEP = busy('Falling asleep', 'It is finishing up and saving your work.')

const WORDS: Record<Observed, Record<Desired, StatusWords>> = {
  creating: {
    awake: busy('Setting up', 'Your computer is being set up.'),
    asleep: busy('Setting up', 'Your computer is being set up, and sleeps once it is ready.'),
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
    asleep: { label: 'Dozing', detail: 'It is paused and wakes instantly.', tone: 'asleep' },
    deleted: DELETING,
  },
  stopping: {
    awake: busy('Falling asleep', 'It is stopping first and will wake right after.'),
    asleep: FALLING_ASLEEP,
    deleted: DELETING,
  },
  failed: { awake: FAILED, asleep: FAILED, deleted: DELETING },
  gone: { awake: GONE, asleep: GONE, deleted: GONE },
}

const RETRYING = busy('Trying again', FILES_SAFE)
const REBUILT = busy('Waking up', 'Your computer is being prepared. Everything is kept.')
const UNKNOWN = busy('Reconnecting', `${NOT_ANSWERING}. ${WILL_RECONNECT}`)

export type StatusState = Pick<InstanceView, 'desired' | 'observed' | 'isFirstStart' | 'error'>

/** `isReconnecting`: nobody knows whether what was last heard still holds, so it is not claimed. */
export function statusWords(state: StatusState, isReconnecting = false): StatusWords {
  if (isReconnecting) return UNKNOWN
  const { desired, observed, isFirstStart, error } = state
  const starts = desired === 'awake' && ['creating', 'stopped', 'starting'].includes(observed)
  if (starts && error) return RETRYING
  // A container that is made anew for an existing home is no new computer.
  if (starts && observed === 'creating' && !isFirstStart) return REBUILT
  return WORDS[observed][desired]
}
