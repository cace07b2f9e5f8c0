/** What a page asks about notifications. */
import { answer, type JsonRoute, refuse } from '../http/json-routes.ts'
import type { Route } from '../http/routes.ts'
import type { Push } from './module.ts'
import { pushEnd, pushSubscription } from './protocol.ts'

const PATH = '/api/push'
const NO_SERVICE = 'That is no address of a push service.'

export const pushRoutes = ({ notifier, subscribed }: Push, handle: string, json: JsonRoute): Route[] => [
  json('GET', PATH, async () => answer(await notifier.offer())),
  json('PUT', PATH, async (body) => {
    const subscriber = pushSubscription.safeParse(await body())
    if (!subscriber.success) return refuse(400, NO_SERVICE)
    await notifier.subscribe(subscriber.data)
    subscribed()
    return answer({})
  }),
  json('DELETE', PATH, async (body) => {
    const end = pushEnd.safeParse(await body())
    if (!end.success) return refuse(400, NO_SERVICE)
    await notifier.unsubscribe(end.data.endpoint)
    return answer({})
  }),
  json('POST', `${PATH}/test`, async () => {
    const sent = await notifier.send({
      title: `${handle}’s computer`,
      body: 'This is what my notifications look like.',
      tag: 'test',
      path: '/',
    })
    return sent > 0 ? answer({}) : refuse(502, 'The push service did not take it. Try again later.')
  }),
]
