/** The api's environment: the only reader of `process.env` in this app. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readEnvironment, SETTINGS } from '@matrixos/shared'
import { z } from 'zod'
import { LIMITS } from './limits/defaults.ts'
import { AI_SETTINGS } from './quota/settings.ts'

/** Timers and the database's integers end at 24 days. */
const seconds = (fallback: number) => z.coerce.number().min(0.1).max(2_000_000).default(fallback)
const bytes = (fallback: number) => z.coerce.number().int().min(1_048_576).default(fallback)

const schema = z.object({
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  RUN_DIR: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PLATFORM_SECRET: z.string().min(32),
  EDGE_TOKEN: z.string().min(32),
  RUNTIME: z.enum(['process', 'docker']).default('process'),
  DOCKER_HOST: z.string().min(1).optional(),
  /** Several platforms on one engine need names and addresses of their own. */
  DOCKER_CONTAINER_PREFIX: z.string().min(1).optional(),
  DOCKER_NETWORK: z.string().min(1).optional(),
  DOCKER_SUBNET: z.string().min(1).optional(),
  INSTANCE_IMAGE: z.string().min(1).default('matrixos-instance:latest'),
  INSTANCE_MEMORY_BYTES: bytes(512 * 1_048_576),
  INSTANCE_MEMORY_RESERVATION_BYTES: bytes(256 * 1_048_576),
  /** Bytes of the host's memory that starts leave free, or `off`. */
  MEMORY_RESERVE_BYTES: z.literal('off').or(z.coerce.number().int().min(0)).default(268_435_456),
  INSTANCE_PIDS: z.coerce.number().int().min(16).default(128),
  /** How long one statement may take before its request fails. */
  DATABASE_TIMEOUT_S: seconds(5),
  IDLE_LIMIT_S: seconds(1800),
  /** How long people keep their instances while the database is away, after it last confirmed their session. */
  SESSION_GRACE_S: seconds(60),
  WAKE_HOLD_S: seconds(30),
  PAGE_AFTER_S: seconds(2),
  /** Times at once that the engine is asked to start or make an instance. */
  ENGINE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(8),
  RESYNC_S: seconds(30),
  ...LIMITS,
  ...AI_SETTINGS,
  /** Until an administrator switches them. */
  SIGN_UP: SETTINGS.sign_up.default('open'),
  PROOF_OF_WORK: SETTINGS.proof_of_work.default('auto'),
  /** Event streams of the platform end after this time; clients resume them. */
  EVENT_STREAM_S: seconds(300),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** Whole milliseconds, as timers want them: 2.01 × 1000 is not one. */
export const toMs = (seconds: number): number => Math.round(seconds * 1000)

/** Throws an Error that names every variable that is wrong and what was expected; values are never shown. */
export function readEnv(source: NodeJS.ProcessEnv = process.env) {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  const env = readEnvironment({ schema, source, who: 'The api', readFile })
  const dataDir = resolve(env.DATA_DIR)
  return { ...env, DATA_DIR: dataDir, RUN_DIR: resolve(env.RUN_DIR ?? join(dataDir, 'run')) }
}

export type Env = ReturnType<typeof readEnv>
