/**
 * The life of an instance's AI tokens: each generation is good from the first start that is given it until a later one
 * is seen in use, so that a rotation cuts nothing that runs.
 */
import type { InstanceId } from '@matrixos/shared'
import { sha256 } from '../../keys.ts'
import type { AiTokenStore } from './store.ts'
import type { AiTokenSubject } from './token.ts'

export interface AiTokensOptions {
  store: AiTokenStore
  tokenOf: (subject: AiTokenSubject) => string
  /** A token older than this is replaced. */
  maxAgeMs: number
}

export type AiTokens = ReturnType<typeof createAiTokenService>

export function createAiTokenService({ store, tokenOf, maxAgeMs }: AiTokensOptions) {
  /** The newest generation of each instance that this process has stored: a wake need not write it again. */
  const stored = new Map<InstanceId, number>()

  return {
    /** The token that it starts with; good when this resolves. */
    async issue(subject: AiTokenSubject): Promise<string> {
      const { id, aiTokenGeneration } = subject
      const token = tokenOf(subject)
      if (stored.get(id) !== aiTokenGeneration) {
        await store.keep(subject, sha256(token))
        stored.set(id, aiTokenGeneration)
      }
      return token
    },

    /** `inUse`: of each instance, the oldest generation that one of its containers may still have. */
    async retire(inUse: readonly AiTokenSubject[]): Promise<void> {
      const several = await store.withSeveral()
      for (const subject of inUse) if (several.has(subject.id)) await store.endOlder(subject)
    },

    /** Which sleepers' next start is to give another token. Asked while they sleep, so that no wake waits for it. */
    outdated: (): Promise<InstanceId[]> => store.outdated(maxAgeMs),

    forget: (id: InstanceId): void => void stored.delete(id),
  }
}
