/** What people see once the platform is serving. */
import type { Settings } from './settings.ts'

const RUNTIMES = {
  process: 'child processes: development only, no isolation (isolated: --docker)',
  docker: 'Docker containers',
}
const PROVIDERS = { anthropic: 'Anthropic', openai: 'OpenAI-compatible' }
const EDGES = { embedded: 'embedded proxy (production: --caddy)', caddy: 'Caddy' }

/** What is up, and the drivers in use. */
export function bannerLines(settings: Settings): string[] {
  return settings.single ? singleLines(settings) : platformLines(settings)
}

/** One person's own computer: where it is, and where its settings are. */
function singleLines(settings: Settings): string[] {
  const url = new URL(settings.publicUrl)
  return [
    `Your computer is up: ${settings.publicUrl}`,
    `  settings   ${url.protocol}//app.${url.host}`,
    `  runs as    ${settings.runtime === 'docker' ? 'a Docker container' : 'a process on this machine, with the rights of its user'}`,
    `  AI         demonstration model, until you add a key of your own in the settings`,
  ]
}

function platformLines(settings: Settings): string[] {
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
