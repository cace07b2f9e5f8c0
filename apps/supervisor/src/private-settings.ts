/** Secrets that some parts need and no other may see: taken out of the environment, and given to those alone. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@matrixos/host/root'
import { AI_PROVIDERS, type AiProvider } from '@matrixos/shared'

const KEYS: Record<AiProvider, string> = { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY' }

/** Variable (`NAME`, or `NAME_FILE` for a file with it) → the part that gets it. */
const READERS: Record<string, string> = {
  ...{ [KEYS.anthropic]: 'ai', [KEYS.openai]: 'ai' },
  ...{ SMTP_URL: 'api', HOMESERVER_AS_TOKEN: 'api', HOMESERVER_HS_TOKEN: 'api' },
}

export interface PrivateSettings {
  /** Whose key the platform has. */
  providers: AiProvider[]
  /** What to add to a part's environment. */
  of: (part: string) => Record<string, string>
}

/**
 * Deletes them from `env`, so that nothing that is started later inherits one by accident. Paths of files become
 * absolute, from `cwd` on. Throws a UserError for a file that cannot be read or holds nothing: without its key the
 * platform would quietly run another AI than was asked for.
 */
export function takePrivateSettings(env: NodeJS.ProcessEnv, cwd: string): PrivateSettings {
  const taken = Object.keys(READERS).flatMap((name) => {
    const value = env[name]
    const file = env[`${name}_FILE`]
    delete env[name]
    delete env[`${name}_FILE`]
    if (value) return [{ name, variable: name, value }]
    if (!file) return []
    const path = resolve(cwd, file)
    requireContent(`${name}_FILE`, path)
    return [{ name, variable: `${name}_FILE`, value: path }]
  })
  return {
    providers: AI_PROVIDERS.filter((provider) => taken.some(({ name }) => name === KEYS[provider])),
    of: (part) =>
      Object.fromEntries(
        taken.filter(({ name }) => READERS[name] === part).map(({ variable, value }) => [variable, value]),
      ),
  }
}

/** Without any provider's key. */
export const withoutKeys = ({ of }: PrivateSettings): PrivateSettings => ({
  providers: [],
  of: (part) => (part === READERS[KEYS.anthropic] ? {} : of(part)),
})

function requireContent(variable: string, path: string): void {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new UserError(`${variable} names ${path}, which cannot be read. Point it to a readable file.`)
  }
  if (text.trim() === '') throw new UserError(`${variable} names ${path}, which is empty.`)
}
