/** What anyone reads of people over plain HTTP. With a token that has `feed:read`, it is as its person sees it. */
import type { Endpoint } from '../http/endpoint.ts'

const PEOPLE = { tag: 'People', method: 'GET' } as const

export const SOCIAL_ENDPOINTS = {
  people: { ...PEOPLE, path: '/users', summary: 'Everybody, who joined last first' },
  search: {
    ...{ ...PEOPLE, path: '/users/search', summary: 'Search people' },
    description: 'By how a handle begins, or words of a name. A text that begins with `@` is a handle.',
  },
  profile: {
    ...{ ...PEOPLE, path: '/users/{handle}/profile', summary: 'What somebody says of themselves' },
    description: 'With their AI, the apps that anyone may open, and how many people follow them.',
  },
  followers: { ...PEOPLE, path: '/users/{handle}/followers', summary: 'Who follows somebody' },
  following: { ...PEOPLE, path: '/users/{handle}/following', summary: 'Whom somebody follows' },
  apps: { tag: 'Apps', method: 'GET', path: '/apps', summary: 'Apps that anyone may open, newest first' },
} as const satisfies Record<string, Endpoint>
