/** What people see once the platform is serving. */
import type { Settings } from './settings.ts'

const RUNTIMES = {
  process: 'child processes: development only, no isolation (isolated: --docker)',
  docker: 'Docker containers',
}
const PROVIDERS = { anthropic: 'Anthropic', openai: 'OpenAI-compatible' }
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
    `  AI         ${aiText(settings.ai.providers)}`,
  ]
}

const aiText = (providers: Settings['ai']['providers']): string =>
  providers.length > 0
    ? `${providers.map((provider) => PROVIDERS[provider]).join(', ')}, on the platform's key`
    : 'demonstration model (a provider: ANTHROPIC_API_KEY_FILE or OPENAI_API_KEY_FILE)'
