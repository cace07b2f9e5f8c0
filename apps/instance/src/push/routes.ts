/** What a page asks about notifications. */
import { done, type Routes, wrong } from '../http/json-routes.ts'
import type { Push } from './module.ts'
import { pushEnd, pushSubscription } from './protocol.ts'

export const pushRoutes = ({ notifier, subscribed }: Push, handle: string): Routes => ({
  '/api/push': {
    GET: async () => ({ status: 200, body: await notifier.offer() }),
    PUT: async ({ body }) => {
      const subscriber = pushSubscription.safeParse(await body())
      if (!subscriber.success) return wrong('That is no address of a push service.')
      await notifier.subscribe(subscriber.data)
      subscribed()
      return done
    },
    DELETE: async ({ body }) => {
      const end = pushEnd.safeParse(await body())
      if (!end.success) return wrong('That is no address of a push service.')
      await notifier.unsubscribe(end.data.endpoint)
      return done
    },
  },
  '/api/push/test': {
    POST: async () => {
      const sent = await notifier.send({
        title: `${handle}’s computer`,
        body: 'This is what my notifications look like.',
        tag: 'test',
        path: '/',
      })
      return sent > 0
        ? done
        : { status: 502, body: { message: 'The push service did not take it. Try again later.' } }
    },
  },
})
