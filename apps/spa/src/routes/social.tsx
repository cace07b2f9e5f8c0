/** The routes of what people tell and show each other, below what is given. */
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

/** Below the settings. */
export const postingRoute = <Layout extends AnyRoute>(layout: Layout) =>
  createRoute({
    getParentRoute: () => layout,
    path: '/posting',
    component: lazyRouteComponent(() => import('../features/feed/posting-page.tsx'), 'PostingPage'),
  })

/** Below the administration. */
export const reportsRoute = <Layout extends AnyRoute>(layout: Layout) =>
  createRoute({
    getParentRoute: () => layout,
    path: '/reports',
    component: lazyRouteComponent(() => import('../features/admin/reports-page.tsx'), 'ReportsPage'),
  })
