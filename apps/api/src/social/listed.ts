/** What is shown of people in lists: the columns, and the view of them. */
import { AVATARS_PATH, type PublicPerson, type UserId } from '@matrixos/shared'
import { profiles, users } from '../db/schema/index.ts'

/** Of `users`, with `profiles` joined to its left. */
export const LISTED = {
  id: users.id,
  handle: users.handle,
  displayName: users.displayName,
  bio: profiles.bio,
  avatarVersion: profiles.avatarVersion,
}

export interface ListedPerson {
  id: UserId
  handle: string
  displayName: string
  /** `null`: they have said nothing of themselves. */
  bio: string | null
  avatarVersion: string | null
}

/** `apiOrigin`: where anyone is given pictures. */
export const avatarUrl = (
  apiOrigin: string,
  { handle, avatarVersion }: Pick<ListedPerson, 'handle' | 'avatarVersion'>,
): string | null => avatarVersion && `${apiOrigin}${AVATARS_PATH}/${handle}?v=${avatarVersion}`

export const publicPerson = (apiOrigin: string, person: ListedPerson): PublicPerson => ({
  handle: person.handle,
  displayName: person.displayName,
  bio: person.bio ?? '',
  avatarUrl: avatarUrl(apiOrigin, person),
})
