/** Tells an instance who somebody is at the homeserver, and how its owner stands to them. Who does not see them learns nothing. */
import { type InstanceId, type MatrixPerson, matrixPersonAsked, type UserId } from '@matrixos/shared'
import type { InstanceCalls } from '../http/instance-calls.ts'
import type { AccountStore } from './accounts-store.ts'

export interface PersonOptions {
  /** Owner of an instance; `undefined`: there is no such instance. */
  ownerOf: (id: InstanceId) => UserId | undefined
  /** Of a person. */
  instanceOf: (id: UserId) => InstanceId | undefined
  accounts: Pick<AccountStore, 'made'>
  serverName: string
}

export interface Relations {
  /** Rejects with `not_found` for whom `viewer` does not see. */
  seen: (viewer: UserId, handle: string) => Promise<{ id: UserId; handle: string }>
  isFollowed: (follower: UserId, followee: UserId) => Promise<boolean>
}

export const createPersonCalls =
  ({ ownerOf, instanceOf, accounts, serverName }: PersonOptions) =>
  ({ seen, isFollowed }: Relations): InstanceCalls => ({
    async 'POST /matrix/person'(instanceId, body): Promise<MatrixPerson> {
      const { handle } = matrixPersonAsked.parse(body)
      const viewer = ownerOf(instanceId)
      if (viewer === undefined) throw new Error('An instance that calls has an owner.')
      const person = await seen(viewer, handle)
      const instance = instanceOf(person.id)
      const made = instance === undefined ? [] : await accounts.made(instance)
      const nameOf = (kind: 'person' | 'ai') => {
        const localpart = made.find((row) => row.kind === kind)?.localpart
        return localpart === undefined ? null : `@${localpart}:${serverName}`
      }
      return {
        ...{ handle: person.handle, person: nameOf('person'), ai: nameOf('ai') },
        isFollowed: person.id === viewer || (await isFollowed(viewer, person.id)),
      }
    },
  })
