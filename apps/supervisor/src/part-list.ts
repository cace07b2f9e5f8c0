/** Which processes make up the platform, the environment of each, and the order in which they start and stop. */
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { bootstrapConfig } from '@matrixos/host/caddy/process'
import { bundleOf, PROGRAM_NAMES, type ProgramName } from './build/programs.ts'
import type { PartSpec } from './part.ts'
import { ensurePrivateDir } from './private-dir.ts'
import type { PrivateSettings } from './private-settings.ts'
import { listenText, type Settings } from './settings.ts'

/** The proxy settles its last calls with what the api keeps, or answers for, and the model still speaks meanwhile. */
export const STOP_ORDER = ['edge', 'spa', 'ai', 'model', 'api', 'caddy']

/**
 * A heap that stays small. V8 lets its young generation grow to 32 MB in each program, begins to collect the old one late, and keeps the
 * peak of a start: without these the api alone held 238 MB after one sign-up, and 95 MB with them.
 */
export const NODE_FLAGS = ['--max-semi-space-size=1', '--initial-old-space-size=16', '--optimize-for-size']

/** Caddy's heap may grow by so many per cent before it is collected: half of Go's own default, for a sixth less memory in a crowd. */
const CADDY_GOGC = '50'

/**
 * Of the C library. One arena: one for each of a program's threads would keep what the others could use. Its own first threshold, named
 * so that it stays: otherwise the first large piece that is freed raises it, and large pieces leave holes in the heap that never go back.
 */
const MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

const PROBE_TIMEOUT_MS = 30_000

const caddyConfigIn = (runDir: string) => join(runDir, 'caddy.json')

/** By part, the path that its command line names. */
export const entriesIn = (root: string, runDir: string): Record<string, string> => ({
  ...Object.fromEntries(PROGRAM_NAMES.map((name) => [name, join(root, bundleOf(name))])),
  caddy: caddyConfigIn(runDir),
})

/** It begins with nothing but its admin socket: the edge writes the rest. Certificates stay in the data folder. */
export function prepareCaddy(dataDir: string, runDir: string): void {
  ensurePrivateDir(join(dataDir, 'caddy'))
  writeFileSync(caddyConfigIn(runDir), JSON.stringify(bootstrapConfig(runDir), null, 2), { mode: 0o600 })
}

export interface PartListOptions {
  root: string
  /** Path of the Node that runs the parts. */
  node: string
  settings: Settings
  runDir: string
  /** Path of Caddy; empty where it is not the edge. */
  caddy: string
  /** Variables that name the files of the secrets. */
  secrets: Record<string, string>
  /** What one part alone may see. */
  ownOf: PrivateSettings['of']
}

/**
 * In the order of their start: the edge is last, because it shows the others to the world. Without a provider's key
 * the demonstration model is one of them.
 */
export function listParts(options: PartListOptions): PartSpec[] {
  const { root, node, settings, runDir, caddy, secrets, ownOf } = options
  const { ai } = settings
  const isDemonstration = ai.providers.length === 0
  const modelSocket = join(runDir, 'model.sock')
  const env = {
    PUBLIC_URL: settings.publicUrl,
    INSTANCE_DOMAIN: settings.instanceDomain,
    SINGLE: settings.single ? '1' : '0',
    DATA_DIR: settings.dataDir,
    RUN_DIR: runDir,
    RUNTIME: settings.runtime,
    EDGE_DRIVER: settings.edge,
    EDGE_LISTEN: listenText(settings.listen),
    AI_PROXY_LISTEN: listenText(ai.listen),
    AI_PROXY_URL: ai.url,
    AI_PLATFORM_KEYS: ai.providers.join(','),
    ...(isDemonstration ? { AI_DEMONSTRATION_URL: `unix:${modelSocket}` } : {}),
    ...settings.database?.env,
    ...secrets,
  }
  const ours = (name: ProgramName): PartSpec => ({
    name,
    command: [node, ...NODE_FLAGS, join(root, bundleOf(name))],
    env: { ...MALLOC, ...env, ...ownOf(name) },
  })
  // It knows nothing of the platform.
  const keysOf = settings.single ? 'owner' : 'server'
  const model = {
    ...ours('model'),
    env: { ...MALLOC, SCRIPTED_MODEL_LISTEN: modelSocket, SCRIPTED_MODEL_KEYS_OF: keysOf },
  }
  const parts = [...(isDemonstration ? [model] : []), ours('api'), ours('ai'), ours('spa'), ours('edge')]
  return settings.edge === 'caddy' ? [caddyPart(caddy, settings.dataDir, runDir), ...parts] : parts
}

function caddyPart(caddy: string, dataDir: string, runDir: string): PartSpec {
  const home = join(dataDir, 'caddy')
  return {
    name: 'caddy',
    command: [caddy, 'run', '--config', caddyConfigIn(runDir)],
    env: { HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, GOGC: CADDY_GOGC },
    probe: () => socketAnswers(join(runDir, 'caddy-admin.sock')),
  }
}

/** Any answer will do. A connection alone would not: the system accepts for a process that hangs. */
function socketAnswers(socketPath: string): Promise<boolean> {
  return new Promise((done) => {
    const asked = request({ socketPath, timeout: PROBE_TIMEOUT_MS }, (answer) => {
      answer.resume()
      done(true)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => done(false))
    asked.end()
  })
}
