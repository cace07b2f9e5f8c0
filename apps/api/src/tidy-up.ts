/** What every domain deletes once its time is over. */
import type { InstanceId } from '@matrixos/shared'

interface Expiring {
  deleteExpired: (now: Date) => Promise<unknown>
}
interface Ageing {
  deleteOld: () => Promise<unknown>
}

export interface TidyOptions {
  auth: Expiring
  tokens: Expiring
  gate: Expiring
  limits: { deleteExpired: () => Promise<unknown> }
  audit: Ageing
  tenants: { events: Ageing; rotateAiTokens: (ids: InstanceId[]) => Promise<unknown> }
  quota: { deleteGone: () => Promise<unknown> }
  channels: Ageing
  homeserver: Ageing
  feed: Ageing
  webhooks: Ageing
  aiTokens: { outdated: () => Promise<InstanceId[]> }
}

/** Rejects with an AggregateError once all have had their turn: what fails in one of them lets nothing of another pile up. */
export async function tidyUp(modules: TidyOptions, now: Date): Promise<void> {
  const { auth, tokens, gate, limits, audit, tenants, quota, channels, homeserver, feed, webhooks } = modules
  const tasks: (() => Promise<unknown>)[] = [
    ...[auth, tokens, gate].map((module) => () => module.deleteExpired(now)),
    () => limits.deleteExpired(),
    ...[audit, tenants.events].map((module) => () => module.deleteOld()),
    () => quota.deleteGone(),
    ...[channels, homeserver, feed, webhooks].map((module) => () => module.deleteOld()),
    async () => tenants.rotateAiTokens(await modules.aiTokens.outdated()),
  ]
  const failures: unknown[] = []
  for (const task of tasks) await task().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw new AggregateError(failures, 'Not all was deleted whose time is over.')
}
