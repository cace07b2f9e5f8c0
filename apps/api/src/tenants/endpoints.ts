/** What programs call over plain HTTP of one's own computer, and of all. */
import type { Endpoint } from '../http/endpoint.ts'

const COMPUTERS = { tag: 'Computers' } as const
const CHANGES = 'Answers at once with the new state; ask for the computer again to see when it is reached.'

export const TENANTS_ENDPOINTS = {
  mine: {
    ...{ ...COMPUTERS, method: 'GET', path: '/computer' },
    summary: 'Your computer',
    description:
      'Its state, its plan and its address. The other addresses name a computer by its id, which is here.',
  },
  wake: {
    ...{ ...COMPUTERS, method: 'POST', path: '/computers/{instanceId}/wake' },
    ...{ summary: 'Wake a computer', description: CHANGES },
  },
  sleep: {
    ...{ ...COMPUTERS, method: 'POST', path: '/computers/{instanceId}/sleep' },
    ...{ summary: 'Put a computer to sleep', description: CHANGES },
  },
  restart: {
    ...{ ...COMPUTERS, method: 'POST', path: '/computers/{instanceId}/restart' },
    ...{ summary: 'Restart a computer', description: `What does not run stays as it is. ${CHANGES}` },
  },
  usage: {
    ...{ ...COMPUTERS, method: 'GET', path: '/computers/{instanceId}/usage' },
    summary: 'What a computer used in the last day',
  },
  stats: {
    ...{ method: 'GET', path: '/stats', tag: 'Platform', keptForS: 5 },
    summary: 'How many computers there are',
    description: 'How many are awake now, how many there are in all, and who may sign up.',
  },
} as const satisfies Record<string, Endpoint>
