/** A platform of its own on the machine's engine: network, names, label and folder are nobody else's. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InstanceId, OciRuntime } from '@matrixos/shared'
import Docker from 'dockerode'
import { createLocalHomes } from '../../home-store/local/index.ts'
import { createDockerRuntime, type DockerRuntimeOptions } from '../docker/index.ts'
import { INSTANCE_LABEL, PLATFORM_LABEL } from '../docker/labels.ts'
import { importTestImages, type TestImages } from './docker-image.ts'
import { freeSubnet } from './free-subnet.ts'
import type { RuntimeHarness } from './harness.ts'

export interface DockerHarness extends RuntimeHarness {
  docker: Docker
  images: TestImages
  options: DockerRuntimeOptions
  open(overrides?: Partial<DockerRuntimeOptions>): ReturnType<typeof createDockerRuntime>
  container(id: InstanceId): Promise<Docker.Container>
}

export async function bootDocker(ociRuntime: OciRuntime = 'runc'): Promise<DockerHarness> {
  const docker = new Docker({ socketPath: '/var/run/docker.sock' })
  const platformId = `mosr-${randomBytes(4).toString('hex')}`
  const images = await importTestImages(docker, platformId)
  const folder = await mkdtemp(join(tmpdir(), 'mosr-'))
  const homes = createLocalHomes({ instancesDir: join(folder, 'instances') })
  const options = {
    stateDir: join(folder, 'runtime'),
    homes,
    platformId,
    networkName: `${platformId}-net`,
    subnet: await freeSubnet(24),
    containerPrefix: `${platformId}-`,
    timing: { reconnectMs: [20, 100], startRetryMs: [10, 20, 50] },
  } satisfies DockerRuntimeOptions
  const own = (label: string) => docker.listContainers({ all: true, filters: { label: [label] } })

  async function container(id: InstanceId): Promise<Docker.Container> {
    const [row] = await own(`${INSTANCE_LABEL}=${id}`)
    if (!row) throw new Error(`${id} has no container`)
    return docker.getContainer(row.Id)
  }

  return {
    docker,
    images,
    image: images.hardened,
    ociRuntime,
    homes,
    options,
    container,
    open: (overrides) => createDockerRuntime({ ...options, ...overrides }),
    kill: async (id) => await (await container(id)).kill({ signal: 'SIGKILL' }),
    pause: async (id) => await (await container(id)).pause(),
    limitsOf: async (id) => {
      const { HostConfig } = await (await container(id)).inspect()
      const { Memory = 0, MemoryReservation = 0, CpuShares = 0, CpuQuota = 0, PidsLimit } = HostConfig
      return {
        ...{ memoryBytes: Memory, memoryReservationBytes: MemoryReservation, cpuShares: CpuShares },
        ...{ cpuQuotaUs: CpuQuota, pids: PidsLimit ?? 0 },
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const row of await own(`${PLATFORM_LABEL}=${platformId}`)) {
        const left = docker.getContainer(row.Id)
        if (row.State === 'paused') await left.unpause()
        await left.remove({ force: true })
      }
      for (const { Id } of await docker.listNetworks({ filters: { name: [options.networkName] } })) {
        await docker
          .getNetwork(Id)
          .remove()
          .catch(() => undefined)
      }
      for (const image of Object.values(images)) await docker.getImage(image).remove({ force: true })
      await rm(folder, { recursive: true })
    },
  }
}
