/** The routes of people: profiles, their lists, and the explore page. */
import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'

export function peopleRoutes<Root extends AnyRoute>(root: Root) {
  const profile = createRoute({
    getParentRoute: () => root,
    path: '/@{$handle}',
    component: lazyRouteComponent(() => import('../features/profile/profile-page.tsx'), 'ProfilePage'),
  })
  const followers = createRoute({
    getParentRoute: () => root,
    path: '/@{$handle}/followers',
    component: lazyRouteComponent(() => import('../features/profile/people-page.tsx'), 'FollowersPage'),
  })
  const following = createRoute({
    getParentRoute: () => root,
    path: '/@{$handle}/following',
    component: lazyRouteComponent(() => import('../features/profile/people-page.tsx'), 'FollowingPage'),
  })
  const explore = createRoute({
    getParentRoute: () => root,
    path: '/explore',
    component: lazyRouteComponent(() => import('../features/explore/explore-page.tsx'), 'ExplorePage'),
  })
  return [profile, followers, following, explore] as const
}
