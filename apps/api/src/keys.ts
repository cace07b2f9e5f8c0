/** One platform secret, and a key of its own for each purpose (HKDF-SHA256, RFC 5869). */
import { createHash, hkdfSync } from 'node:crypto'

export type KeyPurpose =
  | 'session-seal'
  | 'refresh-token'
  | 'app-token'
  | 'pass'
  | 'platform-id'
  | 'people-preview'
  | 'proof-of-work'
  | 'ai-token'
  | 'own-key'
  | 'channel'
  | 'alert-webhook'
  | 'webhook'
  | 'alert-address'
  | 'matrix-token'

/** 32 bytes, base64url. */
export const deriveKey = (platformSecret: string, purpose: KeyPurpose): string =>
  Buffer.from(hkdfSync('sha256', platformSecret, '', `matrixos ${purpose}`, 32)).toString('base64url')

/** SHA-256 as base64url: how random tokens of full strength rest in the database. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
