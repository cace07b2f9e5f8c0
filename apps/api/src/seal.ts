/** Secrets as they rest in the database: AES-256-GCM, each bound to whose it is, under a key of its purpose. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Clock } from './clock.ts'
import { deriveKey, type KeyPurpose } from './keys.ts'

/** Which derivation and cipher made it, so that a later one can stand beside it. */
const KEY_VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

export interface Sealed {
  keyVersion: number
  iv: Uint8Array
  ciphertext: Uint8Array
}

export interface SealOptions {
  platformSecret: string
  purpose: KeyPurpose
}

export type Seal = ReturnType<typeof createSeal>

/** `owner`: what the secret is bound to; it opens for no other. */
export function createSeal({ platformSecret, purpose }: SealOptions) {
  const sealKey = Buffer.from(deriveKey(platformSecret, purpose), 'base64url')

  return {
    /** IVs are random: 2^32 seals are safe under one key. */
    seal(secret: string, owner: string, random: Clock['random']): Sealed {
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, iv)
      cipher.setAAD(Buffer.from(owner))
      const sealed = [cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return { keyVersion: KEY_VERSION, iv, ciphertext: new Uint8Array(Buffer.concat(sealed)) }
    },

    /** Throws for one that was altered, is another owner's, or was sealed with another platform secret. */
    open({ keyVersion, iv, ciphertext }: Sealed, owner: string): string {
      if (keyVersion !== KEY_VERSION) throw new Error('A sealed secret has an unknown version.')
      const tagAt = ciphertext.length - TAG_BYTES
      const decipher = createDecipheriv('aes-256-gcm', sealKey, iv, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(owner))
      decipher.setAuthTag(ciphertext.subarray(tagAt))
      const opened = [decipher.update(ciphertext.subarray(0, tagAt)), decipher.final()]
      return Buffer.concat(opened).toString('utf8')
    },
  }
}
