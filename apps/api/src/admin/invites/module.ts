/** Wires invites, which sign-up needs as well as the administration. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Limits } from '../../limits/module.ts'
import { createInvites } from './service.ts'
import { createInviteStore } from './store.ts'

export interface InvitesModuleOptions {
  hosts: Hosts
  database: Database
  limits: Pick<Limits, 'inviteGuesses'>
  audit: Audit
  clock: Clock
}

export const createInvitesModule = ({ hosts, database, limits, audit, clock }: InvitesModuleOptions) =>
  createInvites({
    ...{ db: database.db, store: createInviteStore(database), audit, clock },
    guesses: limits.inviteGuesses,
    appOrigin: hosts.appOrigin,
  })
