/** The routes of what people tell and show each other, below the root that is given. */
import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'

export function feedRoutes<Root extends AnyRoute>(root: Root) {
  const feed = createRoute({
    getParentRoute: () => root,
    path: '/feed',
    validateSearch: z.object({
      tab: z.enum(['everyone', 'following', 'mentions']).optional().catch(undefined),
    }),
    component: lazyRouteComponent(() => import('../features/feed/feed-page.tsx'), 'FeedPage'),
  })
  const item = createRoute({
    getParentRoute: () => root,
    path: '/feed/$itemId',
    component: lazyRouteComponent(() => import('../features/feed/item-page.tsx'), 'ItemPage'),
  })
  return [feed, item] as const
}
