/** A platform for the film, under names that belong to nobody, each leading to this machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hosts, hostsOf } from '@matrixos/shared'
import { freePort } from '@matrixos/testing/free-port'
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
  opened.use(await platformForDemo(flags))
  const names = [new URL(PUBLIC_URL).host, INSTANCE_DOMAIN].flatMap((name) => [name, `*.${name}`])
  const open = opened.move()
  return {
    hosts: hostsOf(PUBLIC_URL, INSTANCE_DOMAIN),
    resolve: names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join(', '),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
