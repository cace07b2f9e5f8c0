/** What the images say about themselves, and what is in them: the same as `apps/instance/Dockerfile`. */
import { GATEWAY_PORT, HOME_IN_CONTAINER, LABELS } from '@matrixos/shared'

/** Label with the hash of all that is in the image: equal means up to date. */
export const CONTENT_LABEL = 'os.matrix.content'
export const OWNER = 10001
export const NODE_IN_IMAGE = '/usr/local/bin/node'
export const APP_IN_IMAGE = '/opt/instance/dist'
const SHELL_IN_IMAGE = '/bin/bash'

/** Files of `apps/instance/image/etc`, and where they are in the images. */
export const SETTINGS_FILES: Record<string, string> = {
  passwd: '/etc/passwd',
  group: '/etc/group',
  profile: '/etc/profile',
  'profile.d/computer.sh': '/etc/profile.d/computer.sh',
  'bash.bashrc': '/etc/bash.bashrc',
}
/** Of the full image alone. */
export const TOOL_SETTINGS_FILES: Record<string, string> = {
  'pip.conf': '/etc/pip.conf',
  npmrc: '/usr/local/lib/node_modules/npm/npmrc',
}

export const SUITE = 'bookworm'
export const NPM_VERSION = '11.21.2'

/** Debian's packages in the full image, besides the base system. */
export const PACKAGES = [
  'bash',
  'build-essential',
  'ca-certificates',
  'curl',
  'git',
  'jq',
  'less',
  'nano',
  'procps',
  'python3',
  'python3-pip',
  'python3-venv',
  'ripgrep',
  'unzip',
  'vim',
  'zip',
]

export interface ImageDescription {
  /** Whether there is a shell for terminals. */
  hasShell: boolean
  /** Hash of all that is in the image. */
  content: string
}

export const environmentOf = ({ hasShell }: Pick<ImageDescription, 'hasShell'>): Record<string, string> => ({
  MATRIX_TRUST: 'edge',
  MATRIX_HOME: HOME_IN_CONTAINER,
  ...(hasShell ? { MATRIX_SHELL: SHELL_IN_IMAGE } : {}),
  HOME: HOME_IN_CONTAINER,
  // What people install is in home, the only place that they can write to and that is kept.
  PATH: `${HOME_IN_CONTAINER}/.local/bin:${HOME_IN_CONTAINER}/.npm-global/bin:/usr/local/bin:/usr/bin:/bin`,
  NPM_CONFIG_PREFIX: `${HOME_IN_CONTAINER}/.npm-global`,
  LANG: 'C.UTF-8',
  PORT: String(GATEWAY_PORT),
  // Files are small and their reader is one person: fewer threads, less memory.
  UV_THREADPOOL_SIZE: '2',
  // Else each thread keeps free memory of its own: 8 MB more after a busy day.
  MALLOC_ARENA_MAX: '1',
})

export const IMAGE_LABELS: Record<string, string> = {
  [LABELS.hardened]: '1',
  [LABELS.trust]: 'edge',
  [LABELS.roles]: '1',
  [LABELS.apps]: '1',
  [LABELS.gatewayPort]: String(GATEWAY_PORT),
}

export const ENTRYPOINT = [
  NODE_IN_IMAGE,
  '--max-semi-space-size=1',
  '--max-old-space-size=256',
  `${APP_IN_IMAGE}/server.mjs`,
]

/** Instructions as a Dockerfile has them, for the engine's import. */
export const instructions = ({ hasShell, content }: ImageDescription): string[] => [
  ...Object.entries(environmentOf({ hasShell })).map(([name, value]) => `ENV ${name}=${value}`),
  ...Object.entries({ ...IMAGE_LABELS, [CONTENT_LABEL]: content }).map((pair) => `LABEL ${pair.join('=')}`),
  `USER ${OWNER}:${OWNER}`,
  `WORKDIR ${HOME_IN_CONTAINER}`,
  `EXPOSE ${GATEWAY_PORT}`,
  `ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`,
]
