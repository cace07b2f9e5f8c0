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

export async function tidyUp(modules: TidyOptions, now: Date): Promise<void> {
  for (const module of [modules.auth, modules.tokens, modules.gate]) await module.deleteExpired(now)
  await modules.limits.deleteExpired()
  for (const module of [modules.audit, modules.tenants.events]) await module.deleteOld()
  await modules.quota.deleteGone()
  for (const module of [modules.channels, modules.homeserver]) await module.deleteOld()
  for (const module of [modules.feed, modules.webhooks]) await module.deleteOld()
  await modules.tenants.rotateAiTokens(await modules.aiTokens.outdated())
}
