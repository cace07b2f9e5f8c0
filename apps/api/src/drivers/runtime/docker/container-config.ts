/** Renders a specification as the engine's container configuration. Pure. */
import { createHash } from 'node:crypto'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import type { InstanceSpec } from '../../../ports/runtime.ts'
import type { Place } from './bridges.ts'
import type { ContainerCreateOptions } from './client.ts'
import { etcMounts } from './etc-files.ts'
import type { Image } from './images.ts'
import * as labels from './labels.ts'
import { limitsConfig } from './limits-config.ts'
import type { DockerSettings } from './options.ts'
import { needsResolver, resolverMount } from './resolver.ts'

/** The client's types do not know the cgroup namespace (API 1.41). */
type HostConfig = NonNullable<ContainerCreateOptions['HostConfig']> & { CgroupnsMode?: 'private' | 'host' }

const NOTHING = { memoryBytes: 0, memoryReservationBytes: 0, cpuShares: 0, cpuQuotaUs: 0, pids: 0 }
const NO_LIMITS = Object.fromEntries(Object.keys(limitsConfig(NOTHING)).map((name) => [name, undefined]))

const TMP_BYTES = 64 * 1024 * 1024
const MIB = 1024 * 1024
const LOG_BYTES = 2 * MIB
const LOG_FILES = 2

/** The engine turns from one file to the next. Spelled as ever where it can be: another spelling is another container. */
function logConfig(bytes: number) {
  const each = Math.floor(bytes / LOG_FILES)
  const size = each % MIB === 0 ? `${each / MIB}m` : String(each)
  return { Type: 'local', Config: { 'max-size': size, 'max-file': String(LOG_FILES) } }
}

/** Of a range for documentation. */
const NOWHERE = '192.0.2.1'

/** For every image. */
function commonHostConfig(spec: InstanceSpec, { bridge }: Place): HostConfig {
  return {
    // Hands SIGTERM on to programs that would ignore it as PID 1, and reaps what terminals leave behind.
    Init: true,
    // The engine's default is named nowhere: containers that were made before there was a choice fit.
    ...(spec.ociRuntime === 'runsc' && { Runtime: 'runsc' }),
    NetworkMode: bridge.networkName,
    // The engine asks name servers on behalf of containers, also of those that reach nothing.
    ...(spec.isClosed && { Dns: [NOWHERE] }),
    RestartPolicy: { Name: 'no' },
    ...limitsConfig(spec.limits),
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    IpcMode: 'private',
    CgroupnsMode: 'private',
    Ulimits: [
      { Name: 'nofile', Soft: 8192, Hard: 8192 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    LogConfig: logConfig(spec.logBytes ?? LOG_BYTES),
  }
}

/**
 * What images need that start as root: to look into a home that is another user's (DAC_OVERRIDE), to give it away, to
 * become that user, and, for the init process, to send its SIGTERM (KILL). Their user's processes keep none of it.
 */
const ROOT_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'SETGID', 'SETUID']

/** Hardened images need no root at all. */
function hostConfigFor(hardened: boolean, spec: InstanceSpec, settings: DockerSettings): HostConfig {
  const { stateDir, user } = settings
  // A `Mounts` bind fails when its source is missing; a `Binds` entry would quietly make an empty folder.
  const home = { Type: 'bind' as const, Source: spec.home, Target: HOME_IN_CONTAINER }
  const resolver = needsResolver(spec) ? [resolverMount(stateDir)] : []
  if (!hardened) {
    const etc = etcMounts(stateDir, spec).filter(({ Target }) => resolver[0]?.Target !== Target)
    return { Mounts: [home, ...etc, ...resolver], CapAdd: ROOT_CAPABILITIES }
  }
  const tmp = `rw,nosuid,nodev,noexec,mode=1777,size=${TMP_BYTES},uid=${user.uid},gid=${user.gid}`
  return { Mounts: [home, ...resolver], ReadonlyRootfs: true, Tmpfs: { '/tmp': tmp } }
}

/** The contract's environment with the image's own ports, sorted so that equal ones hash equally. */
function envOf(spec: InstanceSpec, image: Image): string[] {
  const env = {
    ...spec.env,
    PORT: String(image.gatewayPort),
    SHELL_PORT: String(image.shellPort ?? image.gatewayPort),
  }
  return Object.entries(env)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
}

/** The contract's name, and for later generations one beside it: no handle has a dot. */
export const containerName = (
  { containerPrefix }: DockerSettings,
  { handle, generation }: { handle: string; generation: number },
): string => `${containerPrefix}${handle}${generation === 1 ? '' : `.${generation}`}`

export type ContainerConfig = ContainerCreateOptions & { name: string; Labels: Record<string, string> }

export function containerConfig(
  spec: InstanceSpec,
  image: Image,
  settings: DockerSettings,
  place: Place,
): ContainerConfig {
  const { bridge, address } = place
  const config = {
    name: containerName(settings, spec),
    Image: image.id,
    Hostname: spec.handle,
    Env: envOf(spec, image),
    StopSignal: 'SIGTERM',
    ...(image.hardened ? { User: `${settings.user.uid}:${settings.user.gid}` } : {}),
    HostConfig: { ...commonHostConfig(spec, place), ...hostConfigFor(image.hardened, spec, settings) },
    NetworkingConfig: {
      EndpointsConfig: {
        [bridge.networkName]: address === '' ? {} : { IPAMConfig: { IPv4Address: address } },
      },
    },
  }
  // Other limits make no other container: the engine changes them in place.
  const unlimited = { ...config, HostConfig: { ...config.HostConfig, ...NO_LIMITS } }
  const hash = createHash('sha256').update(JSON.stringify(unlimited)).digest('hex').slice(0, 32)
  return {
    ...config,
    Labels: {
      [labels.PLATFORM_LABEL]: settings.platformId,
      [labels.INSTANCE_LABEL]: spec.id,
      [labels.GENERATION_LABEL]: String(spec.generation),
      [labels.HANDLE_LABEL]: spec.handle,
      [labels.AI_TOKEN_LABEL]: String(spec.aiTokenGeneration),
      [labels.SPEC_LABEL]: hash,
      [labels.ADDRESS_LABEL]: address,
      [labels.IMAGE_LABEL]: spec.image,
    },
  }
}
