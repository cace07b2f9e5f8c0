/** What the image says about itself: the same as `apps/instance/Dockerfile`. */
import { GATEWAY_PORT, HOME_IN_CONTAINER, LABELS } from '@matrixos/shared'

export const DEFAULT_TAG = 'matrixos-instance:latest'
/** Label with the hash of all that is in the image: equal means up to date. */
export const CONTENT_LABEL = 'os.matrix.content'
export const OWNER = 10001
export const NODE_IN_IMAGE = '/usr/local/bin/node'
export const APP_IN_IMAGE = '/opt/instance/dist'

/** Instructions as a Dockerfile has them, for the engine's import. */
export const instructions = (content: string): string[] => [
  'ENV NODE_ENV=production',
  'ENV MATRIX_TRUST=edge',
  `ENV MATRIX_HOME=${HOME_IN_CONTAINER}`,
  'ENV HOME=/home/matrixos',
  'ENV PATH=/usr/local/bin',
  `ENV PORT=${GATEWAY_PORT}`,
  // Files are small and their reader is one person: fewer threads, less memory.
  'ENV UV_THREADPOOL_SIZE=2',
  `LABEL ${LABELS.hardened}=1`,
  `LABEL ${LABELS.trust}=edge`,
  `LABEL ${LABELS.roles}=1`,
  `LABEL ${LABELS.gatewayPort}=${GATEWAY_PORT}`,
  `LABEL ${CONTENT_LABEL}=${content}`,
  `USER ${OWNER}:${OWNER}`,
  `WORKDIR ${HOME_IN_CONTAINER}`,
  `EXPOSE ${GATEWAY_PORT}`,
  `ENTRYPOINT ${JSON.stringify([NODE_IN_IMAGE, '--max-semi-space-size=1', '--max-old-space-size=256', `${APP_IN_IMAGE}/server.mjs`])}`,
]
