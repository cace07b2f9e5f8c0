/** The routes of the settings and of the administration, below the root that is given. */
import { type AnyRoute, createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { postingRoute, reportsRoute } from './social.tsx'

const text = z.string().max(256).optional().catch(undefined)

export function settingsRoutes<Root extends AnyRoute>(root: Root) {
  const layout = createRoute({
    getParentRoute: () => root,
    path: '/settings',
    component: lazyRouteComponent(() => import('../features/settings/settings-layout.tsx'), 'SettingsLayout'),
  })
  return layout.addChildren([
    createRoute({
      getParentRoute: () => layout,
      path: '/',
      beforeLoad: () => {
        throw redirect({ to: '/settings/security', replace: true })
      },
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/profile',
      component: lazyRouteComponent(() => import('../features/settings/profile-page.tsx'), 'ProfilePage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/security',
      component: lazyRouteComponent(() => import('../features/settings/security-page.tsx'), 'SecurityPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/sharing',
      component: lazyRouteComponent(() => import('../features/settings/sharing-page.tsx'), 'SharingPage'),
    }),
    postingRoute(layout),
    createRoute({
      getParentRoute: () => layout,
      path: '/apps',
      component: lazyRouteComponent(
        () => import('../features/publishing/published-apps-page.tsx'),
        'PublishedAppsPage',
      ),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/credits',
      validateSearch: z.object({ open: z.enum(['request', 'key']).optional().catch(undefined) }),
      component: lazyRouteComponent(() => import('../features/credits/credits-page.tsx'), 'CreditsPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/move',
      component: lazyRouteComponent(() => import('../features/settings/move/move-page.tsx'), 'MovePage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/timeline',
      component: lazyRouteComponent(() => import('../features/timeline/timeline-page.tsx'), 'TimelinePage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/tokens',
      component: lazyRouteComponent(() => import('../features/settings/tokens-page.tsx'), 'TokensPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/webhooks',
      component: lazyRouteComponent(() => import('../features/settings/webhooks-page.tsx'), 'WebhooksPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/matrix',
      component: lazyRouteComponent(() => import('../features/settings/matrix-page.tsx'), 'MatrixPage'),
    }),
  ])
}

export function adminRoutes<Root extends AnyRoute>(root: Root) {
  const layout = createRoute({
    getParentRoute: () => root,
    path: '/admin',
    component: lazyRouteComponent(() => import('../features/admin/admin-layout.tsx'), 'AdminLayout'),
  })
  return layout.addChildren([
    createRoute({
      getParentRoute: () => layout,
      path: '/',
      component: lazyRouteComponent(() => import('../features/admin/overview-page.tsx'), 'OverviewPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/people',
      validateSearch: z.object({ q: text, state: text }),
      component: lazyRouteComponent(() => import('../features/admin/people-page.tsx'), 'PeoplePage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/people/$handle',
      component: lazyRouteComponent(() => import('../features/admin/person-page.tsx'), 'PersonPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/invites',
      component: lazyRouteComponent(() => import('../features/admin/invites-page.tsx'), 'InvitesPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/plans',
      component: lazyRouteComponent(() => import('../features/admin/plans-page.tsx'), 'PlansPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/credits',
      component: lazyRouteComponent(() => import('../features/admin/credits-page.tsx'), 'AdminCreditsPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/prices',
      validateSearch: z.object({ q: text }),
      component: lazyRouteComponent(() => import('../features/admin/prices-page.tsx'), 'PricesPage'),
    }),
    reportsRoute(layout),
    createRoute({
      getParentRoute: () => layout,
      path: '/audit',
      validateSearch: z.object({ actor: text, action: text, target: text, from: text, to: text }),
      component: lazyRouteComponent(() => import('../features/admin/audit-page.tsx'), 'AuditPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/upgrades',
      component: lazyRouteComponent(() => import('../features/admin/upgrades-page.tsx'), 'UpgradesPage'),
    }),
    createRoute({
      getParentRoute: () => layout,
      path: '/platform',
      component: lazyRouteComponent(() => import('../features/admin/platform-page.tsx'), 'PlatformPage'),
    }),
  ])
}
