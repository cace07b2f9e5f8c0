/** The api's environment: the only reader of `process.env` in this app. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  aiProxyUrl,
  DELETION_GRACE_DAYS,
  defaultAiListen,
  HOST_AND_PORT,
  isDenylist,
  ociRuntimeSchema,
  PASS_S,
  parseUsd,
  readEnvironment,
  SETTINGS,
  SINGLE,
} from '@matrixos/shared'
import { z } from 'zod'
import { LIMITS } from './limits/defaults.ts'
import { OPENINGS } from './openings.ts'
import { AI_SETTINGS } from './quota/settings.ts'

/** Timers and the database's integers end at 24 days. */
const seconds = (fallback: number) => z.coerce.number().min(0.1).max(2_000_000).default(fallback)
const bytes = (fallback: number) => z.coerce.number().int().min(1_048_576).default(fallback)

/** Of both processes: the api and the AI proxy. */
const SHARED = {
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8080'),
  INSTANCE_DOMAIN: z.string().min(1).optional(),
  /** One person's own computer, at the domain itself, instead of a platform. */
  SINGLE,
  DATA_DIR: z.string().min(1).default('data'),
  RUN_DIR: z.string().min(1).optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** How long one statement may take before its request fails. */
  DATABASE_TIMEOUT_S: seconds(5),
  PLATFORM_SECRET: z.string().min(32),
  EDGE_TOKEN: z.string().min(32),
  RUNTIME: z.enum(['process', 'docker']).default('process'),
  DOCKER_SUBNET: z.string().min(1).optional(),
  AI_PROXY_LISTEN: z.string().regex(HOST_AND_PORT, 'Expected HOST:PORT, such as 127.0.0.1:8090').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
}

const schema = z.object({
  ...SHARED,
  DOCKER_HOST: z.string().min(1).optional(),
  /** Several platforms on one engine need names and addresses of their own. */
  DOCKER_CONTAINER_PREFIX: z.string().min(1).optional(),
  DOCKER_NETWORK: z.string().min(1).optional(),
  /** Who keeps what instances may reach; `auto`: the api where it can, else nobody. */
  INSTANCE_FIREWALL: z.enum(['auto', 'api', 'host', 'off']).default('auto'),
  /** Between two tests of isolation from inside; or `never`. */
  ISOLATION_TEST_S: z.literal('never').or(seconds(3600)),
  /** ADDRESS:PORT, separated by commas, besides the AI proxy's: a homeserver, a Bot API server. */
  INSTANCES_MAY_REACH: OPENINGS.default([]),
  /** What runs containers, unless their plan says otherwise. */
  INSTANCE_RUNTIME: ociRuntimeSchema.default('runc'),
  INSTANCE_IMAGE: z.string().min(1).default('matrixos-instance:latest'),
  /** With `RUNTIME=process`: terminals are shells of the platform's own user, who can read all that it can. */
  ALLOW_HOST_SHELL: z.enum(['0', '1']).default('0'),
  INSTANCE_MEMORY_BYTES: bytes(512 * 1_048_576),
  INSTANCE_MEMORY_RESERVATION_BYTES: bytes(256 * 1_048_576),
  /** Bytes of the host's memory that starts leave free, or `off`. */
  MEMORY_RESERVE_BYTES: z.literal('off').or(z.coerce.number().int().min(0)).default(268_435_456),
  INSTANCE_PIDS: z.coerce.number().int().min(16).default(256),
  /** Weight among others that compute as well; 1024 is one full share. */
  INSTANCE_CPU_SHARES: z.coerce.number().int().min(2).max(262_144).default(512),
  /** CPU time per 100,000 µs: 200,000 is two cores. */
  INSTANCE_CPU_QUOTA_US: z.coerce.number().int().min(10_000).max(12_800_000).default(200_000),
  /** What a home may hold. The home store says whether it is a wall, or measured and told. */
  INSTANCE_DISK_BYTES: bytes(1_073_741_824),
  /** How homes are kept: folders, or images of a limited size. */
  HOME_STORE: z.enum(['local', 'loop']).default('local'),
  INSTANCE_INODES: z.coerce.number().int().min(1_000).max(100_000_000).default(131_072),
  /** What is kept of what an instance prints. */
  INSTANCE_LOG_BYTES: z.coerce.number().int().min(65_536).max(1_073_741_824).default(2_097_152),
  /** To it and from it, each. */
  INSTANCE_BANDWIDTH_BYTES_PER_S: z.literal('off').or(z.coerce.number().int().min(65_536)).default('off'),
  /** Between two looks at what each computer that is up uses. */
  USAGE_SAMPLE_S: seconds(60),
  /** At its limit of CPU for so long, an instance is held to its share, until it has been calm for as long as the next. */
  CPU_BURN_S: z.literal('off').or(seconds(1800)),
  CPU_CALM_S: seconds(3600),
  /** Or `never`. */
  IDLE_LIMIT_S: z.literal('never').or(seconds(1800)),
  PAUSE_AFTER_S: z.literal('never').or(seconds(300)),
  /** How long a deletion can be undone; 0: not at all. */
  DELETION_GRACE_DAYS: z.coerce.number().min(0).max(365).default(DELETION_GRACE_DAYS),
  /** Unused for so long, a home is packed away and its container removed; or `never`. */
  ARCHIVE_AFTER_DAYS: z.literal('never').or(z.coerce.number().min(0.00001).max(3650)).default(30),
  /** How long people keep their instances while the database is away, after it last confirmed their session. */
  SESSION_GRACE_S: seconds(60),
  WAKE_HOLD_S: seconds(30),
  PASS_S,
  PAGE_AFTER_S: seconds(2),
  /** Times at once that the engine is asked to start or make an instance. */
  ENGINE_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(8),
  RESYNC_S: seconds(30),
  /** Between two rounds in which computers that run are asked whether they are well. */
  HEALTH_CHECK_S: seconds(15),
  /** How long one may take to answer: busy with somebody's work it is slow, and well. */
  HEALTH_TIMEOUT_S: seconds(20),
  /** Webhooks may lead to addresses of private networks, and without TLS: where all who sign up are trusted with those. */
  WEBHOOKS_TO_PRIVATE_NETWORKS: z.enum(['0', '1']).default('0'),
  ...LIMITS,
  ...AI_SETTINGS,
  /** Of one computer's export, packed or unpacked. */
  TRANSFER_BYTES: bytes(20 * 1_073_741_824),
  /** Of all exports together that wait for their download. */
  EXPORTS_BYTES: bytes(50 * 1_073_741_824),
  /** Until an administrator switches them. */
  SIGN_UP: SETTINGS.sign_up.default('open'),
  PROOF_OF_WORK: SETTINGS.proof_of_work.default('auto'),
  /** Event streams of the platform end after this time; clients resume them. */
  EVENT_STREAM_S: seconds(300),
  /** Where instances reach the AI proxy. */
  AI_PROXY_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where instances find the services of channels: another Bot API server, Slack for governments, a mirror. */
  TELEGRAM_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  DISCORD_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the platform reaches its Matrix homeserver; without it, there is none. */
  HOMESERVER_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Of user ids, after the colon. */
  HOMESERVER_NAME: z.string().min(1).max(230).optional(),
  /** What it knows the platform by, and the platform it: both stand in its registration file. */
  HOMESERVER_AS_TOKEN: z.string().min(32).optional(),
  HOMESERVER_HS_TOKEN: z.string().min(32).optional(),
  /** Where it hands over what happens. */
  HOMESERVER_LISTEN: z
    .string()
    .regex(HOST_AND_PORT, 'Expected HOST:PORT, such as 127.0.0.1:8092')
    .default('127.0.0.1:8092'),
  /** Where people's own clients reach it, and where instances do. */
  HOMESERVER_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  INSTANCE_HOMESERVER_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Programs that instances refuse to run: names, /patterns/, sha256:…, `default` with more, or `off`. */
  INSTANCE_DENYLIST: z
    .string()
    .max(20_000)
    .refine(isDenylist, 'Expected names, /patterns/ and sha256:… of programs, `default` or `off`')
    .optional(),
  /** What an instance calls the proxy with is replaced by the first start after this time. */
  AI_TOKEN_DAYS: z.coerce.number().min(0.001).max(3650).default(30),
})

/** What follows of it where it is not set. One person alone talks to nobody. */
function homeserverOf(env: z.infer<typeof schema>) {
  const { HOMESERVER_URL: url, HOMESERVER_AS_TOKEN: asToken, HOMESERVER_HS_TOKEN: hsToken } = env
  if (url === undefined || env.SINGLE)
    return { HOMESERVER_URL: undefined, INSTANCE_HOMESERVER_URL: undefined }
  if (asToken === undefined || hsToken === undefined)
    throw new Error(
      'HOMESERVER_URL is set: set HOMESERVER_AS_TOKEN and HOMESERVER_HS_TOKEN, the tokens of its registration file, as well.',
    )
  return {
    HOMESERVER_URL: url.replace(/\/+$/, ''),
    HOMESERVER_NAME: env.HOMESERVER_NAME ?? new URL(env.PUBLIC_URL).hostname,
    HOMESERVER_PUBLIC_URL: env.HOMESERVER_PUBLIC_URL?.replace(/\/+$/, ''),
    INSTANCE_HOMESERVER_URL: (env.INSTANCE_HOMESERVER_URL ?? url).replace(/\/+$/, ''),
  }
}

/** Of the AI proxy alone: no other process of the platform is given a provider's key. */
const proxySchema = z.object({
  ...SHARED,
  AI_CREDITS_USD: AI_SETTINGS.AI_CREDITS_USD,
  AI_CREDITS_PERIOD: AI_SETTINGS.AI_CREDITS_PERIOD,
  AI_CALLS_AT_ONCE: AI_SETTINGS.AI_CALLS_AT_ONCE,
  AI_CALLS_PER_MINUTE: AI_SETTINGS.AI_CALLS_PER_MINUTE,
  AI_CALL_DEAD_AFTER_S: AI_SETTINGS.AI_CALL_DEAD_AFTER_S,
  WRONG_AI_TOKENS_PER_ADDRESS_PER_MINUTE: LIMITS.WRONG_AI_TOKENS_PER_ADDRESS_PER_MINUTE,
  ANTHROPIC_API_KEY: z.string().min(8).optional(),
  ANTHROPIC_UPSTREAM: AI_SETTINGS.ANTHROPIC_UPSTREAM,
  OPENAI_API_KEY: z.string().min(8).optional(),
  OPENAI_UPSTREAM: AI_SETTINGS.OPENAI_UPSTREAM,
  /** `unix:PATH`, or a URL. */
  AI_DEMONSTRATION_URL: AI_SETTINGS.AI_DEMONSTRATION_URL,
})

/** Whole milliseconds, as timers want them: 2.01 × 1000 is not one. */
export const toMs = (seconds: number): number => Math.round(seconds * 1000)

const readFile = (path: string) => readFileSync(path, 'utf8')

/** What follows from other variables where it is not set. */
function placesOf(env: Pick<z.infer<typeof schema>, keyof typeof SHARED>) {
  const { RUNTIME: runtime, DOCKER_SUBNET: subnet } = env
  const dataDir = resolve(env.DATA_DIR)
  return {
    DATA_DIR: dataDir,
    RUN_DIR: resolve(env.RUN_DIR ?? join(dataDir, 'run')),
    AI_PROXY_LISTEN: env.AI_PROXY_LISTEN ?? defaultAiListen({ runtime, subnet }),
  }
}

/** One person's own computer is always on, and nobody else needs the memory. */
const ALWAYS_ON = {
  ...{ IDLE_LIMIT_S: 'never', PAUSE_AFTER_S: 'never', ARCHIVE_AFTER_DAYS: 'never' },
  MEMORY_RESERVE_BYTES: 'off',
  CPU_BURN_S: 'off',
} as const
/** Only the demonstration model uses credits there. It bills nobody, and there is nobody to ask for more. */
const NO_CREDITS = { AI_CREDITS_USD: parseUsd('1000000'), AI_CREDITS_PERIOD: 'once' } as const

/** Throws an Error that names every variable that is wrong and what was expected; values are never shown. */
export function readEnv(source: NodeJS.ProcessEnv = process.env) {
  const env = readEnvironment({ schema, source, who: 'The api', readFile })
  const places = placesOf(env)
  const { RUNTIME: runtime, DOCKER_SUBNET: subnet } = env
  const url = env.AI_PROXY_URL ?? aiProxyUrl(places.AI_PROXY_LISTEN, { runtime, subnet })
  const single = env.SINGLE ? { ...ALWAYS_ON, ...NO_CREDITS } : {}
  return { ...env, ...places, ...single, ...homeserverOf(env), AI_PROXY_URL: url.replace(/\/+$/, '') }
}

export type Env = ReturnType<typeof readEnv>

/** The same for the AI proxy. */
export function readProxyEnv(source: NodeJS.ProcessEnv = process.env) {
  const env = readEnvironment({ schema: proxySchema, source, who: 'The AI proxy', readFile })
  return { ...env, ...placesOf(env), ...(env.SINGLE ? NO_CREDITS : {}) }
}

export type ProxyEnv = ReturnType<typeof readProxyEnv>
