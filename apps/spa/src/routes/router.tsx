/** The routes of `app.DOMAIN`; each page is its own chunk. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { z } from 'zod'
import { NotFound } from '../features/connection/not-found.tsx'
import { PageSkeleton } from '../features/connection/page-skeleton.tsx'
import { site } from '../lib/hosts.ts'
import { Crash } from './error-boundary.tsx'
import { peopleRoutes } from './people.tsx'
import { RootLayout } from './root.tsx'
import { adminRoutes, settingsRoutes } from './sections.tsx'
import { feedRoutes } from './social.tsx'

/** An address that somebody mistyped is no reason for an error page: what is not understood is ignored. */
const text = z.string().max(4096).optional().catch(undefined)
const flag = z.preprocess((value) => value !== undefined || undefined, z.literal(true).optional())

const rootRoute = createRootRoute({
  component: RootLayout,
  notFoundComponent: () => <NotFound home={site().appOrigin} />,
})
const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: z.object({ delete: flag }),
  component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
})
const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signup',
  validateSearch: z.object({
    handle: text,
    invite: text,
    step: z.enum(['password', 'code']).optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => import('../features/auth/sign-up-page.tsx'), 'SignUpPage'),
})
const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: z.object({ next: text }),
  component: lazyRouteComponent(() => import('../features/auth/login-page.tsx'), 'LoginPage'),
})
const goodbyeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/goodbye',
  component: lazyRouteComponent(() => import('../features/dashboard/goodbye-page.tsx'), 'GoodbyePage'),
})

const deviceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/device',
  validateSearch: z.object({ code: text }),
  component: lazyRouteComponent(() => import('../features/auth/device-page.tsx'), 'DevicePage'),
})
const publishRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/publish',
  validateSearch: z.object({ app: text, handle: text, title: text, description: text, icon: text }),
  component: lazyRouteComponent(() => import('../features/publishing/publish-page.tsx'), 'PublishPage'),
})
const recoverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recover',
  component: lazyRouteComponent(() => import('../features/auth/recover-page.tsx'), 'RecoverPage'),
})
const enrolRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/enrol',
  component: lazyRouteComponent(() => import('../features/auth/enrol-page.tsx'), 'EnrolPage'),
})

const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/credits/confirm-email',
  component: lazyRouteComponent(
    () => import('../features/credits/confirm-email-page.tsx'),
    'ConfirmEmailPage',
  ),
})

const acceptRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/accept',
  component: lazyRouteComponent(() => import('../features/admin/accept-page.tsx'), 'AcceptPage'),
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    signUpRoute,
    loginRoute,
    goodbyeRoute,
    deviceRoute,
    publishRoute,
    recoverRoute,
    enrolRoute,
    confirmEmailRoute,
    acceptRoute,
    ...feedRoutes(rootRoute),
    ...peopleRoutes(rootRoute),
    settingsRoutes(rootRoute),
    adminRoutes(rootRoute),
  ]),
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ({ error }: ErrorComponentProps) => <Crash error={error} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
