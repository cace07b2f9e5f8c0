/** What a page asks about notifications. */
import { readJson } from '../http/json-body.ts'
import { RequestProblem } from '../http/problem.ts'
import { answering, type Route } from '../http/routes.ts'
import type { Push } from './module.ts'
import { pushEnd, pushSubscription } from './protocol.ts'

const all = { who: 'owner', path: '/api/push' } as const

export const pushRoutes = ({ notifier, subscribed }: Push, handle: string): Route[] => [
  answering({ ...all, method: 'GET' }, () => notifier.offer()),
  answering({ ...all, method: 'PUT' }, async ({ request }) => {
    await notifier.subscribe(await readJson(request, pushSubscription))
    subscribed()
    return {}
  }),
  answering({ ...all, method: 'DELETE' }, async ({ request }) => {
    await notifier.unsubscribe((await readJson(request, pushEnd)).endpoint)
    return {}
  }),
  answering({ ...all, path: `${all.path}/test`, method: 'POST' }, async () => {
    const sent = await notifier.send({
      title: `${handle}’s computer`,
      body: 'This is what my notifications look like.',
      tag: 'test',
      path: '/',
    })
    if (sent === 0) throw new RequestProblem(502, 'The push service did not take it. Try again later.')
    return {}
  }),
]
