/** Everybody who is seen, page by page. */
import type { Hosts, PublicPeoplePage, SocialPageInput, UserId } from '@matrixos/shared'
import { pageOf, readCursor } from '../cursor.ts'
import { publicPerson } from '../listed.ts'
import type { People } from '../people.ts'

export interface NewestPeopleOptions {
  people: Pick<People, 'newest'>
  hosts: Pick<Hosts, 'apiOrigin'>
}

export type NewestPeople = ReturnType<typeof createNewestPeople>

export const createNewestPeople =
  ({ people, hosts }: NewestPeopleOptions) =>
  async (viewer: UserId | null, { cursor, limit }: SocialPageInput): Promise<PublicPeoplePage> => {
    const found = await people.newest(viewer, { after: readCursor(cursor), most: limit + 1 })
    const { rows, nextCursor } = pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    return { items: rows.map((person) => publicPerson(hosts.apiOrigin, person)), nextCursor }
  }
