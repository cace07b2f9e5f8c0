/**
 * Hosts of apps that Caddy may get a certificate for on demand. Any name before `--` leads to an instance, so strangers could
 * have one made for each they think of, until the authority refuses the whole domain. Allowed are apps that are published,
 * which only owners make so, and those that somebody who may open them was handed off to from the computer's own page
 * lately: so many of each instance a day. A wildcard certificate needs none of this.
 */
import type { InstanceId } from '@matrixos/shared'
import { LRUCache } from 'lru-cache'
import type { Publications } from '../access/policy.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'

const MOST = 10_000

export interface AppHostsOptions {
  publications: Publications
  /** New names, by instance. */
  limit: Pick<AttemptLimit, 'take'>
}

export type AppHosts = ReturnType<typeof createAppHosts>

export function createAppHosts({ publications, limit }: AppHostsOptions) {
  const launched = new LRUCache<string, true>({ max: MOST })
  const idOf = (instanceId: InstanceId, app: string) => `${instanceId}/${app}`
  return {
    /** Somebody who may open it is on the way there. One name too many is a matter of its certificate alone. */
    async launched(instanceId: InstanceId, app: string): Promise<void> {
      const id = idOf(instanceId, app)
      if (launched.get(id)) return
      await limit.take(instanceId).then(
        () => launched.set(id, true),
        () => undefined,
      )
    },

    mayHaveCertificate: (instanceId: InstanceId, app: string): boolean =>
      publications.of(instanceId, app) !== undefined || launched.get(idOf(instanceId, app)) === true,
  }
}
