/** What anyone reads of the feed over plain HTTP. With a token that has `feed:read`, it is as its person sees it. */
import type { Endpoint } from '../../http/endpoint.ts'

const FEED = { tag: 'Feed', method: 'GET' } as const

export const FEED_ENDPOINTS = {
  list: {
    ...{ ...FEED, path: '/feed', summary: 'The feed, newest first', namesInQuery: true },
    description:
      'What is public, or with `scope=person&handle=…` what one person wrote. `following` and `mentions` are empty without a ' +
      'token.',
  },
  get: { ...FEED, path: '/feed/{itemId}', summary: 'One item of the feed' },
  comments: { ...FEED, path: '/feed/{itemId}/comments', summary: 'Comments on an item, oldest first' },
} as const satisfies Record<string, Endpoint>
