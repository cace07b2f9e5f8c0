/** What programs call over plain HTTP of the apps that somebody publishes. */
import type { Endpoint } from '../http/endpoint.ts'

const APP = { tag: 'Apps', path: '/computers/{instanceId}/apps/{app}' } as const

export const PUBLISHING_ENDPOINTS = {
  list: {
    ...{ method: 'GET', path: '/computers/{instanceId}/apps', tag: 'Apps' },
    summary: 'Apps that a computer publishes',
    description: 'Those that were published once and are not now have no `publishedAt`.',
  },
  publish: { ...APP, method: 'PUT', summary: 'Publish an app', description: 'Answers the new list.' },
  update: { ...APP, method: 'PATCH', summary: 'Change how an app is published' },
  unpublish: { ...APP, method: 'DELETE', summary: 'Stop publishing an app' },
} as const satisfies Record<string, Endpoint>
