/** What people see once the platform is serving. */
import type { Settings } from './settings.ts'

const RUNTIMES = {
  process: 'child processes: development only, no isolation (isolated: --docker)',
  docker: 'Docker containers',
}
const EDGES = { embedded: 'embedded proxy (production: --caddy)', caddy: 'Caddy' }

/** The one URL, where instances live, and the drivers in use. */
export function bannerLines(settings: Settings): string[] {
  const url = new URL(settings.publicUrl)
  const instances = `${url.protocol}//HANDLE.${settings.instanceDomain}${url.port ? `:${url.port}` : ''}`
  return [
    `Matrix OS Platform is up: ${settings.publicUrl}`,
    `  instances  ${instances}, as ${RUNTIMES[settings.runtime]}`,
    `  edge       ${EDGES[settings.edge]}`,
    `  database   ${settings.database ? 'PostgreSQL' : `PGlite in ${settings.dataDir} (production: --postgres)`}`,
  ]
}
