/** Renders a specification as the engine's container configuration. Pure. */
import { createHash } from 'node:crypto'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import type { InstanceSpec } from '../../../ports/runtime.ts'
import { homeFolder } from '../home.ts'
import type { ContainerCreateOptions } from './client.ts'
import type { Image } from './images.ts'
import * as labels from './labels.ts'
import type { DockerSettings } from './options.ts'
import { slotAddress } from './subnet.ts'

/** The client's types do not know the cgroup namespace (API 1.41). */
type HostConfig = NonNullable<ContainerCreateOptions['HostConfig']> & { CgroupnsMode?: 'private' | 'host' }

const TMP_BYTES = 64 * 1024 * 1024
const CPU_PERIOD_US = 100_000

/** For every image. Ceilings of memory and swap are equal: no swap beyond the limit. */
function commonHostConfig(spec: InstanceSpec, settings: DockerSettings): HostConfig {
  const { limits } = spec
  const home = homeFolder(settings.instancesDir, spec.handle)
  return {
    // A `Mounts` bind fails when the home is missing; a `Binds` entry would quietly make an empty one.
    Mounts: [{ Type: 'bind', Source: home, Target: HOME_IN_CONTAINER }],
    NetworkMode: settings.networkName,
    RestartPolicy: { Name: 'no' },
    Memory: limits.memoryBytes,
    MemorySwap: limits.memoryBytes,
    MemoryReservation: limits.memoryReservationBytes,
    CpuShares: limits.cpuShares,
    CpuPeriod: CPU_PERIOD_US,
    CpuQuota: limits.cpuQuotaUs,
    PidsLimit: limits.pids,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    IpcMode: 'private',
    CgroupnsMode: 'private',
    Ulimits: [
      { Name: 'nofile', Soft: 8192, Hard: 8192 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    LogConfig: { Type: 'local', Config: { 'max-size': '1m', 'max-file': '2' } },
  }
}

/**
 * Hardened images need no root at all. Others start as root, give the home to their user and become that user;
 * they get no init process of ours: without CAP_KILL a root init could not pass SIGTERM on to another user.
 */
const hostConfigFor = (hardened: boolean, user: DockerSettings['user']): HostConfig =>
  hardened
    ? {
        Init: true,
        ReadonlyRootfs: true,
        Tmpfs: {
          '/tmp': `rw,nosuid,nodev,noexec,mode=1777,size=${TMP_BYTES},uid=${user.uid},gid=${user.gid}`,
        },
      }
    : { CapAdd: ['CHOWN', 'SETUID', 'SETGID'] }

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

export type ContainerConfig = ContainerCreateOptions & { name: string; Labels: Record<string, string> }

export function containerConfig(spec: InstanceSpec, image: Image, settings: DockerSettings): ContainerConfig {
  const address = slotAddress(settings.subnet, spec.slot)
  const config = {
    name: `${settings.containerPrefix}${spec.handle}`,
    Image: image.id,
    Hostname: spec.handle,
    Env: envOf(spec, image),
    StopSignal: 'SIGTERM',
    ...(image.hardened ? { User: `${settings.user.uid}:${settings.user.gid}` } : {}),
    HostConfig: { ...commonHostConfig(spec, settings), ...hostConfigFor(image.hardened, settings.user) },
    NetworkingConfig: {
      EndpointsConfig: { [settings.networkName]: { IPAMConfig: { IPv4Address: address } } },
    },
  }
  const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 32)
  return {
    ...config,
    Labels: {
      [labels.PLATFORM_LABEL]: settings.platformId,
      [labels.INSTANCE_LABEL]: spec.id,
      [labels.HANDLE_LABEL]: spec.handle,
      [labels.SPEC_LABEL]: hash,
      [labels.ADDRESS_LABEL]: address,
      [labels.IMAGE_LABEL]: spec.image,
    },
  }
}
