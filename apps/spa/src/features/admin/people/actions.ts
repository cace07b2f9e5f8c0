/** What can be done to people, in words. */
import { canCommand, type PeopleAction, type PersonRow } from '@matrixos/shared'
import { counted } from '../../../lib/figures.ts'

export interface ActionWords {
  /** In menus; the dialog asks with the same words. */
  label: string
  explanation: string
  danger: boolean
  done: (count: number) => string
}

const people = (count: number) => counted(count, 'person', 'people')
const computers = (count: number) => counted(count, 'computer', 'computers')

export const ACTION_WORDS: Record<PeopleAction, ActionWords> = {
  suspend: {
    label: 'Suspend',
    explanation:
      'Their sessions, tokens and computers stop within seconds, and they cannot sign in. Their files stay.',
    danger: true,
    done: (count) => `${people(count)} suspended.`,
  },
  unsuspend: {
    label: 'Unsuspend',
    explanation: 'They can sign in again, and their computers wake when they visit them.',
    danger: false,
    done: (count) => `${people(count)} can sign in again.`,
  },
  revokeSessions: {
    label: 'Sign out everywhere',
    explanation: 'Every browser and device of theirs is signed out within seconds. They can sign in again.',
    danger: true,
    done: (count) => `${people(count)} signed out everywhere.`,
  },
  sleepInstance: {
    label: 'Put to sleep',
    explanation: 'What runs on their computers stops. Files are kept, and the next visit wakes them.',
    danger: true,
    done: (count) => `${computers(count)} will be asleep in a moment.`,
  },
  wakeInstance: {
    label: 'Wake',
    explanation: 'Their computers start now, and go to sleep again when idle.',
    danger: false,
    done: (count) => `${computers(count)} will be awake in a moment.`,
  },
}

/** What there is to do for this person; the api decides again whether it may be done. */
export function actionsFor({ suspendedAt, instance }: Pick<PersonRow, 'suspendedAt' | 'instance'>) {
  const isSuspended = suspendedAt !== null
  const offered: Record<PeopleAction, boolean> = {
    wakeInstance: !isSuspended && instance !== null && canCommand('wake', instance),
    sleepInstance: instance !== null && canCommand('sleep', instance),
    revokeSessions: true,
    unsuspend: isSuspended,
    suspend: !isSuspended,
  }
  return (Object.keys(offered) as PeopleAction[]).filter((action) => offered[action])
}
