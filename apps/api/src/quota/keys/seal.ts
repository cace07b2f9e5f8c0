/** People's own keys as they rest, each bound to its person. */
import type { UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { SealedKey } from '../../ports/ledger.ts'
import { createSeal } from '../../seal.ts'

export type KeySeal = ReturnType<typeof createKeySeal>

export function createKeySeal({ platformSecret }: { platformSecret: string }) {
  const { seal, open } = createSeal({ platformSecret, purpose: 'own-key' })
  return {
    seal: (key: string, userId: UserId, random: Clock['random']): SealedKey => seal(key, userId, random),
    /** Rejects for a key that was altered, is another person's, or was sealed with another platform secret. */
    open: async (sealed: SealedKey, userId: UserId): Promise<string> => open(sealed, userId),
  }
}
