/** People's own keys as they rest: AES-256-GCM, each bound to its person. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import { deriveKey } from '../../keys.ts'
import type { SealedKey } from '../../ports/ledger.ts'

/** Which derivation and cipher made it, so that a later one can stand beside it. */
const KEY_VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

export type KeySeal = ReturnType<typeof createKeySeal>

export function createKeySeal({ platformSecret }: { platformSecret: string }) {
  const sealKey = Buffer.from(deriveKey(platformSecret, 'own-key'), 'base64url')

  return {
    /** IVs are random: 2^32 seals are safe under one key. */
    seal(key: string, userId: UserId, random: Clock['random']): SealedKey {
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, iv)
      cipher.setAAD(Buffer.from(userId))
      const sealed = [cipher.update(key, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return { keyVersion: KEY_VERSION, iv, ciphertext: new Uint8Array(Buffer.concat(sealed)) }
    },

    /** Rejects for a key that was altered, is another person's, or was sealed with another platform secret. */
    async open({ keyVersion, iv, ciphertext }: SealedKey, userId: UserId): Promise<string> {
      if (keyVersion !== KEY_VERSION) throw new Error('A sealed key has an unknown version.')
      const tagAt = ciphertext.length - TAG_BYTES
      const decipher = createDecipheriv('aes-256-gcm', sealKey, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(userId))
      decipher.setAuthTag(ciphertext.subarray(tagAt))
      const opened = [decipher.update(ciphertext.subarray(0, tagAt)), decipher.final()]
      return Buffer.concat(opened).toString('utf8')
    },
  }
}
