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
const CLOSED: StatusWords = {
  label: 'To be deleted',
  detail: 'Everything is still here, and closed to everybody.',
  tone: 'asleep',
}
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
const ARCHIVED: StatusWords = {
  label: 'Archived',
  detail:
    'Nobody has used it for a long time, so it is packed away. Everything is kept: open it to have it back.',
  tone: 'asleep',
}
const UNPACKING = busy('Coming back', 'Your files are being unpacked. This can take some minutes.')
const FALLING_ASLEEP = busy('Falling asleep', 'It is finishing up and saving your work.')

const DOZING: StatusWords = { label: 'Dozing', detail: 'It is paused and wakes instantly.', tone: 'asleep' }

const WORDS: Record<Desired, Record<Observed, StatusWords>> = {
  awake: {
    creating: busy('Setting up', 'Your computer is being set up.'),
    stopped: busy('Waking up', 'It is about to start.'),
    starting: busy('Waking up', 'It is starting and will be ready in a moment.'),
    running: { label: 'Awake', detail: 'It is running and ready for you.', tone: 'awake' },
    paused: busy('Waking up', 'It is resuming where it was.'),
    stopping: busy('Restarting', 'It is stopping first and will start again right after.'),
    failed: FAILED,
    archiving: UNPACKING,
    archived: UNPACKING,
    restoring: UNPACKING,
    gone: GONE,
  },
  paused: {
    creating: busy('Setting up', 'Your computer is being set up, and sleeps once it is ready.'),
    stopped: ASLEEP,
    starting: FALLING_ASLEEP,
    running: busy('Dozing off', 'It is being paused, and wakes instantly.'),
    paused: DOZING,
    stopping: FALLING_ASLEEP,
    failed: FAILED,
    archiving: ARCHIVED,
    archived: ARCHIVED,
    restoring: UNPACKING,
    gone: GONE,
  },
  asleep: {
    creating: busy('Setting up', 'Your computer is being set up, and sleeps once it is ready.'),
    stopped: ASLEEP,
    starting: FALLING_ASLEEP,
    running: FALLING_ASLEEP,
    paused: FALLING_ASLEEP,
    stopping: FALLING_ASLEEP,
    failed: FAILED,
    archiving: ARCHIVED,
    archived: ARCHIVED,
    restoring: UNPACKING,
    gone: GONE,
  },
  archived: {
    creating: ARCHIVED,
    stopped: ARCHIVED,
    starting: FALLING_ASLEEP,
    running: FALLING_ASLEEP,
    paused: FALLING_ASLEEP,
    stopping: FALLING_ASLEEP,
    failed: ARCHIVED,
    archiving: ARCHIVED,
    archived: ARCHIVED,
    restoring: UNPACKING,
    gone: GONE,
  },
  leaving: {
    creating: CLOSED,
    stopped: CLOSED,
    starting: CLOSED,
    running: CLOSED,
    paused: CLOSED,
    stopping: CLOSED,
    failed: CLOSED,
    archiving: CLOSED,
    archived: CLOSED,
    restoring: CLOSED,
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
    archiving: DELETING,
    archived: DELETING,
    restoring: DELETING,
    gone: GONE,
  },
}

const WAITING = busy('Waiting for room', 'It starts by itself, and everything is kept.')
const RETRYING = busy('Trying again', FILES_SAFE)
const REBUILT = busy('Waking up', 'Your computer is being prepared. Everything is kept.')
const UNKNOWN = busy('Reconnecting', `${NOT_ANSWERING}. ${WILL_RECONNECT}`)

export type StatusState = Pick<InstanceView, 'desired' | 'observed' | 'isFirstStart' | 'error'>

/** `isReconnecting`: nobody knows whether what was last heard still holds, so it is not claimed. */
export function statusWords(state: StatusState, isReconnecting = false): StatusWords {
  if (isReconnecting) return UNKNOWN
  const { desired, observed, isFirstStart, error } = state
  const starts = desired === 'awake' && ['creating', 'stopped', 'starting'].includes(observed)
  if (starts && error) return error.code === 'capacity' ? WAITING : RETRYING
  // A container that is made anew for an existing home is no new computer.
  if (starts && observed === 'creating' && !isFirstStart) return REBUILT
  return WORDS[desired][observed]
}
