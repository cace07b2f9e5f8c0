/** The only reader of the environment: the instance contract's variables, validated, under names of our own. */
import { readFileSync } from 'node:fs'
import { APP_SEPARATOR, GATEWAY_PORT, HOME_IN_CONTAINER, handleProblem, isDenylist } from '@matrixos/shared'
import * as z from 'zod/mini'
import { passedOn } from './terminal/environment.ts'
import { type TerminalSetting, terminalSetting } from './terminal/setting.ts'

export interface Settings {
  handle: string
  displayName: string
  home: string
  /** Address to listen on; all of them unless the runtime names one. */
  host: string | undefined
  /** TCP port; 0 lets the system choose one, which is then reported to the parent process. */
  port: number
  /** `null`: the edge is trusted by network position, no bearer is asked for. */
  authToken: string | null
  /** Origin under which browsers see this instance, if it is known. */
  externalOrigin: string | null
  /** Origin of one of its apps, with `{app}` in place of its name; `null`: unknown. */
  appOriginPattern: string | null
  /** Where this instance calls AI, and what with; `null`: that service is not configured. */
  ai: { url: string; token: string } | null
  /** Where it tells the platform what it wants, and what with; `null`: there is none to tell. */
  platform: { url: string; token: string } | null
  /** Where the services of channels are; `null`: at their own addresses. */
  services: { telegram: string | null; slack: string | null; discord: string | null }
  terminal: TerminalSetting
  /** Whether something keeps this computer apart from the machine it runs on. */
  isIsolated: boolean
  /** Programs that the platform does not want to run here, see `readDenylist`. */
  denylist: string
  /** Variables that the owner's programs get as they are. */
  shellEnvironment: Record<string, string>
  /** Name of the image that this runs in; `null`: none that anybody named. */
  image: string | null
}

const filled = (expected: string) =>
  z.string(`expected ${expected}`).check(z.minLength(1, `expected ${expected}`))

const schema = z.object({
  MATRIX_HANDLE: filled('the handle of the owner').check(
    z.refine((handle) => handleProblem(handle) !== 'malformed', 'expected a handle, such as alice'),
  ),
  MATRIX_DISPLAY_NAME: z.optional(z.string()),
  MATRIX_HOME: z._default(filled('the folder of the home'), HOME_IN_CONTAINER),
  PORT: z._default(
    z
      .string()
      .check(
        z.refine(
          (text) => /^\d{1,5}$/.test(text) && Number(text) < 65_536,
          'expected a port from 0 to 65535',
        ),
      ),
    String(GATEWAY_PORT),
  ),
  LISTEN_HOST: z.optional(z.string()),
  MATRIX_TRUST: z.optional(z.literal('edge', 'expected "edge" or nothing')),
  MATRIX_AUTH_TOKEN: z.optional(filled('the token that the platform sends')),
  MATRIX_IMAGE: z.optional(z.string()),
  ANTHROPIC_BASE_URL: z.optional(z.url('expected the URL of the AI proxy')),
  ANTHROPIC_API_KEY: z.optional(z.string()),
  PLATFORM_INTERNAL_URL: z.optional(z.url('expected the URL that the platform listens at')),
  TELEGRAM_API_URL: z.optional(z.url('expected the URL of a Bot API server')),
  SLACK_API_URL: z.optional(z.url('expected the URL of Slack’s API')),
  DISCORD_API_URL: z.optional(z.url('expected the URL of Discord’s API')),
  GATEWAY_EXTERNAL_URL: z.optional(z.url('expected a URL, such as https://alice.example.org')),
  APP_EXTERNAL_URL: z.optional(
    z
      .string()
      .check(z.includes('{app}', 'expected a URL with {app}, such as https://{app}--alice.example.org')),
  ),
  MATRIX_SHELL: z.optional(
    z.string().check(z.startsWith('/', 'expected the absolute path of a shell, such as /bin/bash')),
  ),
  MATRIX_DENYLIST: z.optional(
    z.string().check(z.refine(isDenylist, 'expected names, /patterns/ and sha256:… of programs')),
  ),
  /** Said by a runtime that puts nothing around an instance. */
  MATRIX_ISOLATION: z.optional(z.literal('none', 'expected "none" or nothing')),
})

/** Throws an Error that names each wrong variable and what was expected of it. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  // A variable that is set to nothing counts as absent, as in compose files.
  const set = Object.fromEntries(Object.entries(withSecretFiles(env)).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(set)
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    )
  }
  const values = parsed.data
  if (!values.MATRIX_TRUST && !values.MATRIX_AUTH_TOKEN) {
    throw new Error('MATRIX_AUTH_TOKEN: expected the token that the platform sends, or MATRIX_TRUST=edge')
  }
  return {
    handle: values.MATRIX_HANDLE,
    displayName: values.MATRIX_DISPLAY_NAME ?? values.MATRIX_HANDLE,
    home: values.MATRIX_HOME,
    host: values.LISTEN_HOST,
    port: Number(values.PORT),
    authToken: values.MATRIX_TRUST ? null : (values.MATRIX_AUTH_TOKEN ?? null),
    externalOrigin: values.GATEWAY_EXTERNAL_URL ? new URL(values.GATEWAY_EXTERNAL_URL).origin : null,
    appOriginPattern: values.APP_EXTERNAL_URL ?? appsOf(values),
    ai:
      values.ANTHROPIC_BASE_URL && values.ANTHROPIC_API_KEY
        ? { url: values.ANTHROPIC_BASE_URL, token: values.ANTHROPIC_API_KEY }
        : null,
    platform:
      values.PLATFORM_INTERNAL_URL && values.ANTHROPIC_API_KEY
        ? { url: values.PLATFORM_INTERNAL_URL, token: values.ANTHROPIC_API_KEY }
        : null,
    services: {
      telegram: values.TELEGRAM_API_URL ?? null,
      slack: values.SLACK_API_URL ?? null,
      discord: values.DISCORD_API_URL ?? null,
    },
    shellEnvironment: passedOn(set),
    denylist: values.MATRIX_DENYLIST ?? 'default',
    isIsolated: values.MATRIX_ISOLATION === undefined,
    terminal: terminalSetting({
      shell: values.MATRIX_SHELL,
      isIsolated: values.MATRIX_ISOLATION === undefined,
    }),
    // A plain process of its host comes from none, whatever it would come from in a container.
    image: values.MATRIX_ISOLATION === 'none' ? null : (values.MATRIX_IMAGE ?? null),
  }
}

/** Where a platform says nothing of apps, they are beside a computer that has its owner's handle in its address. */
function appsOf({ GATEWAY_EXTERNAL_URL: url, MATRIX_HANDLE: handle }: z.infer<typeof schema>): string | null {
  if (!url) return null
  const { protocol, host } = new URL(url)
  return host.startsWith(`${handle}.`) ? `${protocol}//{app}${APP_SEPARATOR}${host}` : null
}

function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const file = env.MATRIX_AUTH_TOKEN_FILE
  return file ? { ...env, MATRIX_AUTH_TOKEN: readFileSync(file, 'utf8').trim() } : env
}
