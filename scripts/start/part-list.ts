/** Which processes make up the platform, what each is told, and in which order they come and go. */
import { join } from 'node:path'
import type { PartSpec } from './part.ts'
import { listenText, type Settings } from './settings.ts'

export const STOP_ORDER = ['edge', 'spa', 'api', 'caddy']

const ENTRIES: Record<string, string> = {
  caddy: 'scripts/start/caddy-part.ts',
  api: 'apps/api/src/main.ts',
  spa: 'apps/spa/server/main.ts',
  edge: 'apps/edge/src/main.ts',
}

/** Entry scripts by part, absolute. */
export const entriesIn = (root: string): Record<string, string> =>
  Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(root, path)]))

/** In the order of their start: the edge is last, because it shows the others to the world. */
export function listParts(options: {
  root: string
  settings: Settings
  runDir: string
  /** What was found or made for this run: files of the secrets, the path of Caddy. */
  variables: Record<string, string>
}): PartSpec[] {
  const { root, settings, runDir, variables } = options
  const env = {
    PUBLIC_URL: settings.publicUrl,
    INSTANCE_DOMAIN: settings.instanceDomain,
    DATA_DIR: settings.dataDir,
    RUN_DIR: runDir,
    RUNTIME: settings.runtime,
    EDGE_DRIVER: settings.edge,
    EDGE_LISTEN: listenText(settings.listen),
    ...settings.database?.env,
    ...variables,
  }
  const names = ['caddy', 'api', 'spa', 'edge'].filter(
    (name) => name !== 'caddy' || settings.edge === 'caddy',
  )
  const entries = entriesIn(root)
  return names.map((name) => ({ name, entry: entries[name] ?? '', env }))
}
