/** A platform for the film, under names that belong to nobody, each leading to this machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hosts, hostsOf } from '@matrixos/shared'
import { freePort } from '@matrixos/testing/free-port'
import Docker from 'dockerode'
import { platformForDemo } from '../demo/platform.ts'

const PUBLIC_URL = 'https://matrix-os.example'
const INSTANCE_DOMAIN = 'my-computer.example'

export interface FilmPlace extends AsyncDisposable {
  hosts: Hosts
  /** Chromium's rules that lead there, past the port. */
  resolve: string
}

/** `flags` are those of `npm start`. */
export async function placeForFilm(flags: string[]): Promise<FilmPlace> {
  await using opened = new AsyncDisposableStack()
  const dataDir = mkdtempSync(join(tmpdir(), 'mos-video-'))
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const port = await freePort()
  Object.assign(process.env, {
    ...{ DATA_DIR: dataDir, PUBLIC_URL, INSTANCE_DOMAIN, EDGE_TLS: 'internal' },
    ...{ EDGE_LISTEN: `127.0.0.1:${port}` },
  })
  if (flags.includes('--docker')) opened.use(ownContainers(`film-${port}`))
  opened.use(await platformForDemo(flags))
  const names = [new URL(PUBLIC_URL).host, INSTANCE_DOMAIN].flatMap((name) => [name, `*.${name}`])
  const open = opened.move()
  return {
    hosts: hostsOf(PUBLIC_URL, INSTANCE_DOMAIN),
    resolve: names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join(', '),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** Names of its own for the film's containers, which a platform leaves when it stops. */
function ownContainers(name: string): AsyncDisposable {
  Object.assign(process.env, { DOCKER_CONTAINER_PREFIX: `${name}-`, DOCKER_NETWORK: `matrixos-${name}` })
  return {
    async [Symbol.asyncDispose]() {
      const engine = new Docker()
      const left = await engine.listContainers({ all: true, filters: { name: [`^/${name}-`] } })
      for (const { Id } of left) await engine.getContainer(Id).remove({ force: true })
      await engine
        .getNetwork(`matrixos-${name}`)
        .remove()
        .catch(() => undefined)
    },
  }
}
