/** Profiles: what everybody is shown of a person, and what that person writes. */
import type { Hosts, OwnProfile, OwnProfileView, ProfileView, UserId } from '@matrixos/shared'
import type { SessionPrincipal } from '../../access/principal.ts'
import type { Clock } from '../../clock.ts'
import type { FollowLists } from '../follows/lists.ts'
import { avatarUrl, publicPerson } from '../listed.ts'
import type { People } from '../people.ts'
import type { SharedApps } from './apps.ts'
import type { ProfileStore } from './store.ts'

export interface ProfilesOptions {
  store: ProfileStore
  people: People
  lists: Pick<FollowLists, 'counts'>
  apps: SharedApps
  hosts: Pick<Hosts, 'apiOrigin' | 'landingOrigin'>
  clock: Pick<Clock, 'now'>
}

export type Profiles = ReturnType<typeof createProfiles>

export function createProfiles({ store, people, lists, apps, hosts, clock }: ProfilesOptions) {
  async function own({ userId, handle }: SessionPrincipal): Promise<OwnProfileView> {
    const row = await store.of(userId)
    const { bio = '', aiName = '', aiBio = '', avatarVersion = null } = row ?? {}
    return { bio, aiName, aiBio, avatarUrl: avatarUrl(hosts.apiOrigin, { handle, avatarVersion }) }
  }

  return {
    own,

    /** Throws `not_found` for whom `viewer` does not see; `null`: a stranger. */
    async profile(viewer: UserId | null, handle: string): Promise<ProfileView> {
      const person = await people.seen(viewer, handle)
      const counts = await lists.counts(viewer, person.id)
      return {
        ...publicPerson(hosts.apiOrigin, person),
        ...counts,
        aiName: person.aiName ?? '',
        aiBio: person.aiBio ?? '',
        joinedAt: person.createdAt.toISOString(),
        apps: await apps.ofPerson(viewer, person.id),
        url: `${hosts.landingOrigin}/@${person.handle}`,
      }
    },

    /** `profile` as its schema leaves it. */
    async edit(principal: SessionPrincipal, profile: OwnProfile): Promise<OwnProfileView> {
      await store.put(principal.userId, profile, new Date(clock.now()))
      return own(principal)
    },
  }
}
