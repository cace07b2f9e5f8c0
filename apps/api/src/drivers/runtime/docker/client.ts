/** The one import of dockerode: a client for the configured engine. */
import Docker from 'dockerode'
import { AppError } from '../../../errors.ts'

export type { ContainerCreateOptions, ContainerInfo, ContainerInspectInfo } from 'dockerode'
export type Engine = Docker

/**
 * `timeoutMs`: silence after which a call fails; 0 for calls that are meant to wait. No API version is pinned: old
 * engines know no newer one than their own, and new engines refuse old ones. Every field is given, `undefined`
 * included, because the client would read its own DOCKER_HOST otherwise.
 */
export function dockerClient(host: string, timeoutMs: number): Engine {
  const path = host.startsWith('unix://') ? host.slice('unix://'.length) : host
  if (path.startsWith('/')) {
    return new Docker({
      socketPath: path,
      host: undefined,
      port: undefined,
      protocol: 'http',
      timeout: timeoutMs,
    })
  }
  const url = URL.canParse(host) ? new URL(host) : null
  if (url === null || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.port === '') {
    throw new AppError('engine_down', `DOCKER_HOST must be unix:///path or tcp://host:port, not "${host}".`)
  }
  return new Docker({
    socketPath: undefined,
    host: url.hostname,
    port: url.port,
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    timeout: timeoutMs,
  })
}
