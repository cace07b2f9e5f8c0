/** The one import of dockerode: a client for the configured engine. */

import { withDeadline } from '@matrixos/host/docker-deadline'
import Docker from 'dockerode'
import { AppError } from '../../../errors.ts'

export type {
  ContainerCreateOptions,
  ContainerInfo,
  ContainerInspectInfo,
  NetworkInspectInfo,
} from 'dockerode'
export type Engine = Docker

/**
 * Every call fails with `engine_down` after `deadlineMs`. No API version is pinned: old engines know no newer one
 * than their own, and new engines refuse old ones. Every field is given, `undefined` included, because the client
 * would read its own DOCKER_HOST otherwise.
 */
export function dockerClient(host: string, deadlineMs: number): Engine {
  const docker = new Docker(addressOf(host))
  const dial = docker.modem.dial.bind(docker.modem)
  docker.modem.dial = withDeadline(dial, deadlineMs, () => {
    return new AppError('engine_down', 'The Docker Engine is not responding.', { retryAfterS: 5 })
  })
  return docker
}

function addressOf(host: string): Docker.DockerOptions {
  const path = host.startsWith('unix://') ? host.slice('unix://'.length) : host
  if (path.startsWith('/')) {
    return { socketPath: path, host: undefined, port: undefined, protocol: 'http' }
  }
  const url = URL.canParse(host) ? new URL(host) : null
  if (url === null || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.port === '') {
    throw new AppError('engine_down', `DOCKER_HOST must be unix:///path or tcp://host:port, not "${host}".`)
  }
  return {
    socketPath: undefined,
    host: url.hostname,
    port: url.port,
    protocol: url.protocol === 'https:' ? 'https' : 'http',
  }
}
