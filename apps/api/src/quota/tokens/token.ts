/** What an instance calls the AI proxy with. It can be derived again, so only its hash is stored. */
import { createHmac } from 'node:crypto'
import type { InstanceId } from '@matrixos/shared'
import { deriveKey } from '../../keys.ts'

export interface AiTokenSubject {
  id: InstanceId
  aiTokenGeneration: number
}

/** Tells it from a provider's key, for people and for programs that look for leaked secrets. */
const PREFIX = 'mosai_'

export function createAiTokens(platformSecret: string): (subject: AiTokenSubject) => string {
  const key = deriveKey(platformSecret, 'ai-token')
  return ({ id, aiTokenGeneration }) =>
    PREFIX + createHmac('sha256', key).update(`${id} ${aiTokenGeneration}`).digest('base64url')
}
