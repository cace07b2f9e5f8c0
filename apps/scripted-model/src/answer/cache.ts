/** The prompt cache: which beginnings of prompts are kept, by hash, and for how long. */
import { createHash } from 'node:crypto'
import type { PromptBlock } from './prompt.ts'

/** Shorter beginnings are not kept, as at the real providers. */
const LEAST_CACHED_TOKENS = 1024

const LIFE_MS = { '5m': 300_000, '1h': 3_600_000 } as const

/** Beyond it, the oldest go. */
const MOST_ENTRIES = 10_000

export interface CacheUse {
  /** Tokens that were in the cache, were put there, and have nothing to do with it: together the whole prompt. */
  read: number
  write5m: number
  write1h: number
  input: number
}

interface Entry {
  expiresAt: number
  lifeMs: number
}

export interface PromptCache {
  /** Reads the longest beginning that is kept, and keeps what `cacheFor` marks beyond it. Reading renews. */
  use: (scope: string, blocks: readonly PromptBlock[], now: number) => CacheUse
}

export function createPromptCache(): PromptCache {
  const entries = new Map<string, Entry>()

  function keep(hash: string, lifeMs: number, now: number): void {
    entries.delete(hash)
    entries.set(hash, { lifeMs, expiresAt: now + lifeMs })
    for (const oldest of entries.keys()) {
      if (entries.size <= MOST_ENTRIES) break
      entries.delete(oldest)
    }
  }

  return {
    use(scope, blocks, now) {
      const beginnings = beginningsOf(scope, blocks)
      const marked = beginnings.filter(({ cacheFor, end }) => cacheFor && end >= LEAST_CACHED_TOKENS)
      const last = marked.at(-1)
      const total = beginnings.at(-1)?.end ?? 0
      if (!last) return { read: 0, write5m: 0, write1h: 0, input: total }
      const found = beginnings.findLast(
        ({ hash, end }) => end <= last.end && (entries.get(hash)?.expiresAt ?? 0) > now,
      )
      const entry = found && entries.get(found.hash)
      if (found && entry) keep(found.hash, entry.lifeMs, now)
      const use = { read: found?.end ?? 0, write5m: 0, write1h: 0, input: total - last.end }
      let kept = use.read
      for (const { hash, end, cacheFor } of marked) {
        if (end <= kept || !cacheFor) continue
        if (cacheFor === '1h') use.write1h += end - kept
        else use.write5m += end - kept
        kept = end
        keep(hash, LIFE_MS[cacheFor], now)
      }
      return use
    },
  }
}

function beginningsOf(scope: string, blocks: readonly PromptBlock[]) {
  const hash = createHash('sha256').update(scope)
  let end = 0
  return blocks.map((block) => {
    hash.update(`\0${block.content}`)
    end += block.tokens
    return { hash: hash.copy().digest('base64url'), end, cacheFor: block.cacheFor }
  })
}
