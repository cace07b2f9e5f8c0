/** What programs call over plain HTTP of one's AI credits. */
import type { Endpoint } from '../http/endpoint.ts'

const CREDITS = { method: 'GET', tag: 'Credits' } as const

export const QUOTA_ENDPOINTS = {
  credits: {
    ...{ ...CREDITS, path: '/credits' },
    summary: 'Your AI credits',
    description: 'What you have, what is spent and what is left. Amounts are US dollars, as decimal strings.',
  },
  usage: { ...CREDITS, path: '/credits/usage', summary: 'What AI calls cost, by day' },
  calls: { ...CREDITS, path: '/credits/calls', summary: 'Your AI calls, newest first' },
} as const satisfies Record<string, Endpoint>
