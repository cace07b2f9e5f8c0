/** The few Docker Engine calls that an image needs, with errors that say how to fix them. */
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { withDeadline } from '@matrixos/host/docker-deadline'
import { UserError } from '@matrixos/host/root'
import Docker from 'dockerode'
import { CONTENT_LABEL } from './config.ts'

export interface Engine {
  /** Architecture in Node's words, such as `x64`. Throws what is wrong and how to mend it. */
  architecture(): Promise<string>
  /** The tag's image. */
  find(tag: string): Promise<FoundImage | null>
  /** Makes the tag's image of an archive of its file system. */
  importImage(image: NewImage): Promise<void>
  /** Makes the tag's image of another one, with what is in the archive on top. */
  extendImage(image: NewImage & { base: string }): Promise<void>
  /** Removes an image that nothing is called or made of any more; any other one stays. */
  removeUnused(id: string): Promise<void>
}

export interface FoundImage {
  id: string
  /** The hash that it carries, if it was built here. */
  content: string | null
  createdAt: Date
}

export interface NewImage {
  tag: string
  archive: AsyncIterable<Buffer>
  /** Instructions as a Dockerfile has them. */
  changes: string[]
}

export type DockerOptions = Docker.DockerOptions

const ARCHITECTURES: Record<string, string> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  arm64: 'arm64',
}

export interface Deadlines {
  callMs: number
  /** Of the import: the engine reads and unpacks the whole archive before it answers. */
  importMs: number
}

const DEADLINES: Deadlines = { callMs: 60_000, importMs: 600_000 }

export function createEngine(options?: DockerOptions, deadlines = DEADLINES): Engine {
  const docker = clientWithin(deadlines.callMs, options)
  return {
    async architecture() {
      const info = await docker.info().catch((error) => {
        throw new UserError(explain(error), { cause: error })
      })
      return ARCHITECTURES[info.Architecture] ?? info.Architecture
    },
    async find(tag) {
      const image = await docker
        .getImage(tag)
        .inspect()
        .catch((error) => {
          if (error.statusCode === 404) return null
          throw error
        })
      if (image === null) return null
      const content = image.Config.Labels?.[CONTENT_LABEL] ?? null
      return { id: image.Id, content, createdAt: new Date(image.Created) }
    },
    async importImage({ tag, archive, changes }) {
      const [repo, version = 'latest'] = partsOf(tag)
      const patient = clientWithin(deadlines.importMs, options)
      const answer = await patient.importImage(Readable.from(archive), { repo, tag: version, changes })
      let said = ''
      answer.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
      await finished(answer, { signal: AbortSignal.timeout(deadlines.importMs) })
      // The engine answers 200 before it knows; a failure is a line of what follows.
      const failure = /"error":"((?:[^"\\]|\\.)*)"/.exec(said)
      if (failure) throw new UserError(`The Docker Engine refused the image: ${failure[1]}`)
    },
    async extendImage({ tag, base, archive, changes }) {
      const [repo, version = 'latest'] = partsOf(tag)
      const patient = clientWithin(deadlines.importMs, options)
      // It never runs: its file system is what counts.
      const container = await patient.createContainer({ Image: base, Entrypoint: ['/bin/true'] })
      try {
        await container.putArchive(Readable.from(archive), { path: '/' })
        await container.commit({ repo, tag: version, changes })
      } finally {
        await container.remove({ force: true })
      }
    },
    async removeUnused(id) {
      const image = docker.getImage(id)
      const { RepoTags } = await image.inspect()
      // The engine keeps what a container or another image was made of.
      if (RepoTags.length === 0) await image.remove().catch(() => undefined)
    },
  }
}

const partsOf = (tag: string): string[] => tag.split(/:(?=[^/:]*$)/)

function clientWithin(deadlineMs: number, options?: DockerOptions): Docker {
  const docker = new Docker(options)
  const dial = docker.modem.dial.bind(docker.modem)
  docker.modem.dial = withDeadline(dial, deadlineMs, () => new Error('The Docker Engine is not responding.'))
  return docker
}

function explain(error: { code?: string; message?: string }): string {
  const fixes: Record<string, string> = {
    ENOENT:
      'Docker is not installed or not running. Start it (`systemctl start docker`, or `dockerd` manually)',
    ECONNREFUSED:
      'The Docker Engine is not responding. Start it (`systemctl start docker`, or `dockerd` manually)',
    EACCES: 'This user may not use the Docker Engine. Add it to its group (`usermod -aG docker USER`)',
  }
  const fix = fixes[error.code ?? ''] ?? `The Docker Engine responded: ${error.message}. Check its log`
  return `${fix}, or set DOCKER_HOST to an engine that runs.`
}
