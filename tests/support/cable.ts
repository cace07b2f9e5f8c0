/** A cable between the platform and one of its servers, which a test can cut, freeze and mend. */

import { rmSync } from 'node:fs'
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Socket } from 'node:net'
import { freePort } from '@matrixos/testing/free-port'

export interface Cable {
  /** Refuses new connections and closes the open ones. */
  cut: () => Promise<void>
  mend: () => Promise<void>
  /** Keeps every connection open, takes new ones, and lets no byte through: a server that hangs. */
  freeze: () => void
  thaw: () => void
  /** Takes no new connections until mended; the open ones stay. */
  refuse: () => void
}

async function createCable(here: ListenOptions, there: NetConnectOpts): Promise<Cable> {
  const open = new Map<Socket, Socket>()
  let frozen = false
  const server = createServer((near) => {
    const far = connect(there)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.set(from, to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      if (frozen) from.pause()
      else from.pipe(to)
    }
  })
  const mend = () => new Promise<void>((resolve) => server.listen(here, resolve))
  await mend()
  return {
    mend,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open.keys()) socket.destroy()
      }),
    freeze: () => {
      frozen = true
      for (const [from, to] of open) from.unpipe(to).pause()
    },
    thaw: () => {
      frozen = false
      for (const [from, to] of open) from.pipe(to)
    },
    refuse: () => void server.close(),
  }
}

/** In front of a database; its URL leads through the cable. */
export async function databaseCable(url: string): Promise<Cable & { url: string }> {
  const { hostname, port } = new URL(url)
  const own = await freePort()
  const cable = await createCable(
    { host: '127.0.0.1', port: own },
    { host: hostname, port: Number(port || 5432) },
  )
  const through = new URL(url)
  through.host = `127.0.0.1:${own}`
  return { ...cable, url: through.href }
}

/** In front of a computer's port: browsers trust an address of this machine, and no other without TLS. */
export async function computerCable(host: string): Promise<Cable & { origin: string }> {
  const { hostname, port } = new URL(`http://${host}`)
  const own = await freePort()
  const cable = await createCable({ host: '127.0.0.1', port: own }, { host: hostname, port: Number(port) })
  return { ...cable, origin: `http://127.0.0.1:${own}` }
}

/** In front of the Docker Engine's socket. */
export async function engineCable(path: string): Promise<Cable & { host: string }> {
  rmSync(path, { force: true })
  const cable = await createCable({ path }, { path: '/var/run/docker.sock' })
  return { ...cable, host: `unix://${path}` }
}
