/** Wires the claim of one person's own computer: who may sign up where that is all there is. */
import type { Hosts } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Limits } from '../../limits/module.ts'
import type { Log } from '../../log.ts'
import type { InstanceCache } from '../../tenants/cache.ts'
import { type ClaimDoor, createClaim } from './service.ts'
import { createClaimStore } from './store.ts'

export interface ClaimModuleOptions {
  hosts: Hosts
  database: Database
  cache: Pick<InstanceCache, 'onChange'>
  limits: Pick<Limits, 'inviteGuesses'>
  clock: Clock
  log: Log
}

/** Throws an Error where the data is a platform's: it would not be clear whose computer is meant. */
export async function createClaimDoor(options: ClaimModuleOptions): Promise<ClaimDoor> {
  const { hosts, database, cache, limits, clock, log } = options
  const store = createClaimStore(database)
  const owners = await store.owners()
  if (owners > 1)
    throw new Error(
      `There are ${owners} accounts in this database: it is a platform's. Start without --single (SINGLE), or choose another DATA_DIR.`,
    )
  const door = createClaim({
    isClaimed: owners > 0,
    hasOwner: store.hasOwner,
    print: (code) =>
      log.warn(`Nobody has claimed this computer yet. Open ${hosts.appOrigin}/signup and enter: ${code}`),
    onGuesses: () =>
      log.warn(
        'Somebody is guessing the code of this computer. It cannot be guessed, and stays as it is: claim the computer with it.',
      ),
    guesses: limits.inviteGuesses,
    clock,
  })
  cache.onChange(({ removed }) => {
    if (!removed) door.close()
  })
  return door
}
