/** An instance in a real container, hardened as the platform runs them, on a home of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import Docker from 'dockerode'

const OWNER = 10001
const MB = 1024 * 1024

export interface ContainerOptions {
  image: string
  /** A home of this size in memory, instead of a folder. */
  homeBytes?: number
}

export async function runContainer({ image, homeBytes }: ContainerOptions) {
  const docker = new Docker()
  const home = mkdtempSync(join(tmpdir(), 'mosi-test-'))
  await chown(home, OWNER, OWNER)
  const container = await docker.createContainer({
    name: home.replace(/^.*\//, ''),
    Image: image,
    Hostname: 'alice',
    Env: ['MATRIX_HANDLE=alice'],
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
  return {
    container,
    home,
    /** What a shell line prints, as its owner runs it. Rejects when it fails. */
    shell: (line: string) => runIn(container, ['/bin/bash', '-lc', line]),
    /** Resolves to `host:port` once health answers 200. */
    async start(): Promise<string> {
      await container.start()
      const { NetworkSettings } = await container.inspect()
      const host = `${Object.values(NetworkSettings.Networks)[0]?.IPAddress}:4000`
      const deadline = Date.now() + 15_000
      while (Date.now() < deadline) {
        const answer = await fetch(`http://${host}/health`).catch(() => null)
        if (answer?.status === 200) return host
      }
      throw new Error(`No health: ${await container.logs({ stdout: true, stderr: true })}`)
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}

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
