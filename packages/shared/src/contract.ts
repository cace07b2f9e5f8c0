/** The instance contract: what an image is given and must answer. */
import { z } from 'zod'

export const CONTAINER_PREFIX = 'matrixos-'
export const NETWORK_NAME = 'matrixos-net'
/** Of that network: where instances reach everything from. */
export const DEFAULT_SUBNET = '10.201.0.0/20'
/** Where the home is mounted inside a container. */
export const HOME_IN_CONTAINER = '/home/matrixos/home'
/** Name of the home below an instance's folder on the host. */
export const HOME_FOLDER = 'matrixos'

/**
 * The reference instance's images, built on the operator's machine. `slim`: a shell and core tools. `full`: Debian with
 * git, Python, a compiler and npm.
 */
export const INSTANCE_IMAGES = { slim: 'matrixos-instance:latest', full: 'matrixos-instance:full' } as const
export type ImageKind = keyof typeof INSTANCE_IMAGES

/** What is below the full one: Debian, Node and npm. */
export const FULL_IMAGE_BASE = 'matrixos-debian:bookworm'

/** Of which kind a tag is; `null`: somebody else's image. */
export const imageKindOf = (tag: string): ImageKind | null =>
  tag === INSTANCE_IMAGES.slim ? 'slim' : tag === INSTANCE_IMAGES.full ? 'full' : null

export const GATEWAY_PORT = 4000
export const SHELL_PORT = 3000
export const HEALTH_PATH = '/health'
/** Seconds between SIGTERM and SIGKILL. */
export const STOP_GRACE_S = 10

/**
 * Image labels. `hardened`: runs with no capability and a read-only root; others start as root, with what they need to
 * look into the home, give it away and become their own user. `trust=edge`: takes `X-Mos-User` unproved.
 * `roles=1`: reads `X-Mos-Role`; any other image would take a viewer for its owner, and gets none.
 * `apps=1`: reads `X-Mos-App`; any other image would serve its owner's own pages at an app's host, and gets no such request. A shell port
 * that is declared must answer before the instance is ready; without labels the shell is what listens on `SHELL_PORT`,
 * and where nothing does, the gateway serves everything.
 */
export const LABELS = {
  gatewayPort: 'os.matrix.ports.gateway',
  shellPort: 'os.matrix.ports.shell',
  hardened: 'os.matrix.hardened',
  trust: 'os.matrix.trust',
  roles: 'os.matrix.roles',
  apps: 'os.matrix.apps',
} as const

/** Headers that only the edge may set towards an instance; client copies never arrive. */
export const INSTANCE_HEADERS = {
  user: 'x-mos-user',
  /** One of `ROLES`. */
  role: 'x-mos-role',
  /** The app at whose own host the request was made; absent at the computer's own host. */
  app: 'x-mos-app',
  /** What a viewer may do besides looking, separated by spaces: `notes`; of an app's visitors: `ai:NANO_USD`. */
  permissions: 'x-mos-permissions',
  platformUserId: 'x-platform-user-id',
  platformVerified: 'x-platform-verified',
} as const

/**
 * Who is there. `visitor`: somebody without identity at the host of a published app. `platform`: the platform itself, which
 * hands over what it took for the instance, such as a channel's message; no edge ever sets it.
 */
export const ROLES = ['owner', 'viewer', 'visitor', 'platform'] as const
export type InstanceRole = (typeof ROLES)[number]

/** The answer of `GET /health`. Further keys are welcome. */
export const healthSchema = z.looseObject({ status: z.literal('ok') })

const GATEWAY_PATHS = ['/api/', '/ws/', '/files/', '/modules/']

/**
 * Whether a request belongs to the gateway port: every WebSocket, `/health`, and what is below the gateway's paths.
 * `path` may carry a query.
 */
export function isGatewayPath(path: string, isWebSocket: boolean): boolean {
  const bare = `${path.split('?', 1)[0]}/`
  return isWebSocket || bare === '/health/' || GATEWAY_PATHS.some((prefix) => bare.startsWith(prefix))
}

/** Environment of an instance. Absent keys: that service is not configured. */
export interface InstanceEnv {
  MATRIX_HANDLE: string
  MATRIX_DISPLAY_NAME: string
  MATRIX_IMAGE: string
  MATRIX_AUTH_TOKEN: string
  MATRIX_USER_ID: string
  GATEWAY_EXTERNAL_URL: string
  /** Origin of one of its apps, with `{app}` in place of the app's name. */
  APP_EXTERNAL_URL: string
  PORT: string
  SHELL_PORT: string
  PROXY_URL?: string
  ANTHROPIC_BASE_URL?: string
  /** The instance's own token for calls through the platform's AI proxy, never a provider's key. */
  ANTHROPIC_API_KEY?: string
  OPENAI_BASE_URL?: string
  /** The same token. */
  OPENAI_API_KEY?: string
  /** Where it tells the platform what it wants, with the same token: see `channels.ts`. */
  PLATFORM_INTERNAL_URL?: string
  /** Of channels' services, where they are not at their own addresses. */
  TELEGRAM_API_URL?: string
  SLACK_API_URL?: string
  DISCORD_API_URL?: string
  MATRIX_HOMESERVER_URL?: string
  /** Programs that the platform does not want: see `readDenylist`. Absent: the default. */
  MATRIX_DENYLIST?: string
}
