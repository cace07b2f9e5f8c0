/** Tells the api, whatever the database, that a provider refused a person's own key. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AiProvider, UserId } from '@matrixos/shared'
import { createTRPCClient } from '@trpc/client'
import { LRUCache } from 'lru-cache'
import { createServiceLink, type ServiceLinkOptions } from '../service-link.ts'
import type { KeyService } from './service-router.ts'

/** The first refusal counts: clients that repeat theirs are not passed on each time. */
const TOLD_MS = 30_000
const MOST = 10_000
/** Before the second and the third attempt: the next refusal tells it anyway. */
const PAUSES_MS = [1_000, 5_000]

export interface RefusalNotesOptions extends ServiceLinkOptions {
  monotonic: () => number
  pausesMs?: readonly number[]
}

export function createRefusalNotes({ monotonic, pausesMs = PAUSES_MS, ...options }: RefusalNotesOptions) {
  const { link, close } = createServiceLink(options)
  const { quota } = createTRPCClient<KeyService>({ links: [link] })
  const told = new LRUCache<string, true>({
    max: MOST,
    ttl: TOLD_MS,
    perf: { now: monotonic },
    ttlResolution: 0,
  })
  const over = new AbortController()

  async function tell(userId: UserId, provider: AiProvider): Promise<void> {
    for (const pause of pausesMs) {
      try {
        await quota.noteKeyRefused.mutate({ userId, provider })
        return
      } catch {
        await delay(pause, undefined, { signal: over.signal })
      }
    }
    await quota.noteKeyRefused.mutate({ userId, provider })
  }

  return {
    /** No call waits for it. Rejects when nobody took it: the next refusal is told again. */
    async write(userId: UserId, provider: AiProvider): Promise<void> {
      const key = `${userId} ${provider}`
      if (told.has(key)) return
      told.set(key, true)
      await tell(userId, provider).catch((error: unknown) => {
        told.delete(key)
        throw error
      })
    },
    close(): Promise<void> {
      over.abort()
      return close()
    },
  }
}
