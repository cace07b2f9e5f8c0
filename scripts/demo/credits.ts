/** What the demo shows of AI credits: a call with its cost, and the limit being reached. */
import { oneTimeLinkViewSchema } from '@matrixos/shared'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Platform } from '../../apps/supervisor/src/platform-file.ts'
import { serviceOf } from '../admin/place.ts'
import { callService } from '../admin/service-call.ts'
import { type AiResult, callAi } from './ai-call.ts'

/** The least that can be set: a few short calls. */
const LIMIT_USD = '0.01'
const MOST_CALLS = 40

export async function callOnce(platform: Platform, handle: string): Promise<AiResult> {
  const result = await callAi(platform, handle)
  if (result.status !== 200) throw new Error(`The AI call was answered ${result.status}: ${result.words}`)
  return result
}

/** Calls until one is refused for want of credits; says how many were served before. */
export async function reachLimit(platform: Platform, client: PlatformClient, handle: string) {
  await limitTo(platform, client, handle)
  for (let served = 0; served < MOST_CALLS; served++) {
    const result = await callAi(platform, handle)
    if (result.status === 402) return { served, words: result.words }
    if (result.status !== 200) throw new Error(`The AI call was answered ${result.status}: ${result.words}`)
  }
  throw new Error(`${MOST_CALLS} calls were served within $${LIMIT_USD}.`)
}

/** As an administrator does it; the person of the demo is one for just as long as that takes. */
async function limitTo({ dataDir, runDir }: Platform, client: PlatformClient, handle: string): Promise<void> {
  const service = serviceOf({ ...process.env, DATA_DIR: dataDir, RUN_DIR: runDir })
  const { url } = oneTimeLinkViewSchema.parse(await callService(service, 'admin.server.grant', { handle }))
  try {
    await client.trpc.admin.accept.mutate({ secret: new URL(url).hash.slice(1) })
    const limits = { handle, credits: LIMIT_USD, callsAtOnce: null, callsPerMinute: null }
    await client.trpc.admin.quota.setLimits.mutate(limits)
  } finally {
    await callService(service, 'admin.server.revoke', { handle })
  }
}
