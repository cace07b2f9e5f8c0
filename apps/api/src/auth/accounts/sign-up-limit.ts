/** How many accounts may be created in an hour: by one network, and in total. */
import { networkOf } from '../../http/network.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'

export interface SignUpLimitOptions {
  perNetwork: AttemptLimit
  inSum: AttemptLimit
}

export type SignUpLimit = ReturnType<typeof createSignUpLimit>

const ALL = 'all'

/** Both verbs throw `too_many_requests`. Addresses are the clients' own. */
export function createSignUpLimit({ perNetwork, inSum }: SignUpLimitOptions) {
  return {
    /** Before the person makes a passkey or types a password in vain. */
    async check(address: string): Promise<void> {
      await perNetwork.check(networkOf(address))
      await inSum.check(ALL)
    },

    /** Counts one account; whoever then fails to create it calls the answer. */
    async take(address: string): Promise<() => Promise<void>> {
      const network = networkOf(address)
      await perNetwork.take(network)
      try {
        await inSum.take(ALL)
      } catch (error) {
        // No account was created: the network's own share is not used up by what others did.
        await perNetwork.giveBack(network)
        throw error
      }
      return async () => {
        await perNetwork.giveBack(network)
        await inSum.giveBack(ALL)
      }
    },
  }
}
