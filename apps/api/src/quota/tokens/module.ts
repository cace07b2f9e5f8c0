/** Wires the tokens that instances call the AI proxy with. */
import type { Database } from '../../db/database.ts'
import { type Env, toMs } from '../../env.ts'
import { type AiTokens, createAiTokenService } from './service.ts'
import { createAiTokenStore } from './store.ts'
import { createAiTokens } from './token.ts'

const DAY_S = 86_400

export interface AiTokensModuleOptions {
  env: Env
  database: Database
}

export function createAiTokensModule({ env, database }: AiTokensModuleOptions): AiTokens {
  return createAiTokenService({
    store: createAiTokenStore(database),
    tokenOf: createAiTokens(env.PLATFORM_SECRET),
    maxAgeMs: toMs(env.AI_TOKEN_DAYS * DAY_S),
  })
}
