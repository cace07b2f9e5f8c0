/** An instance in a real container, hardened as the platform runs them, on a home of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import Docker from 'dockerode'
import { z } from 'zod'

const OWNER = 10001
const MB = 1024 * 1024

export interface ContainerOptions {
  image: string
  /** A home of this size in memory, instead of a folder. */
  homeBytes?: number
  /** `NAME=value` */
  env?: string[]
  /** Instead of the image's own. */
  entrypoint?: string[]
}

export type TestContainer = Awaited<ReturnType<typeof runContainer>>

export async function runContainer({ image, homeBytes, env = [], entrypoint }: ContainerOptions) {
  const docker = new Docker()
  const home = mkdtempSync(join(tmpdir(), 'mosi-test-'))
  await chown(home, OWNER, OWNER)
  const container = await docker.createContainer({
    name: home.replace(/^.*\//, ''),
    Image: image,
    Hostname: 'alice',
    Env: ['MATRIX_HANDLE=alice', ...env],
    ...(entrypoint ? { Entrypoint: entrypoint } : {}),
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      PidsLimit: 256,
      Memory: 512 * MB,
      MemorySwap: 512 * MB,
      Init: true,
      Tmpfs: {
        '/tmp': 'rw,nosuid,nodev,noexec,size=16m',
        ...(homeBytes
          ? { [HOME_IN_CONTAINER]: `rw,size=${homeBytes},uid=${OWNER},gid=${OWNER},mode=700` }
          : {}),
      },
      Binds: homeBytes ? [] : [`${home}:${HOME_IN_CONTAINER}`],
    },
  })
  /** Resolves to `host:port` once health answers 200. */
  const start = async (): Promise<string> => {
    await container.start()
    const { NetworkSettings } = await container.inspect()
    const host = `${Object.values(NetworkSettings.Networks)[0]?.IPAddress}:4000`
    const deadline = Date.now() + 15_000
    while (Date.now() < deadline) {
      const answer = await fetch(`http://${host}/health`).catch(() => null)
      if (answer?.status === 200) return host
    }
    throw new Error(`No health: ${await container.logs({ stdout: true, stderr: true })}`)
  }
  return {
    container,
    home,
    start,
    /** What a shell line prints, as its owner runs it. Rejects when it fails. */
    shell: (line: string) => runIn(container, ['/bin/bash', '-lc', line]),
    /** Milliseconds from a start to health. It is killed then. */
    async bootMs(): Promise<number> {
      const before = performance.now()
      await start()
      const took = performance.now() - before
      await container.kill()
      await container.wait()
      return took
    },
    memory: () => memoryOf(container),
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Bytes, of all processes of a container together. */
export interface Memory {
  /** As meters count it: with what the kernel keeps of files that were used twice. */
  workingSet: number
  /** Without that, and without what it remembers of folders: it drops both for whoever needs memory. */
  held: number
}

async function memoryOf(container: Docker.Container): Promise<Memory> {
  const { usage, stats } = counted.parse((await container.stats({ stream: false })).memory_stats)
  const inactive = stats.total_inactive_file ?? stats.inactive_file ?? 0
  // Older cgroups do not tell apart what the kernel needs for it, about 2 MB, and what it would drop.
  const held =
    stats.total_rss === undefined
      ? usage - (stats.file ?? 0) + (stats.shmem ?? 0) - (stats.slab_reclaimable ?? 0)
      : stats.total_rss + (stats.total_shmem ?? 0)
  return { workingSet: usage - inactive, held }
}

const counted = z.object({ usage: z.number(), stats: z.record(z.string(), z.number()) })

/** Resolves to its standard output. Rejects with all that it printed when its exit code is not 0. */
async function runIn(container: Docker.Container, command: string[]): Promise<string> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const [output, errors] = [new PassThrough(), new PassThrough()]
  container.modem.demuxStream(stream, output, errors)
  stream.once('end', () => [output, errors].map((each) => each.end()))
  const [said, complaints] = await Promise.all([text(output), text(errors)])
  const { ExitCode } = await exec.inspect()
  if (ExitCode !== 0)
    throw new Error(`${command.join(' ')}: exit code ${ExitCode}\n${complaints}\n${said.trim()}`)
  return said.trim()
}
