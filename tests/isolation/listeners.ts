/** What listens on this machine while it is attacked: a service that an operator left open, and a homeserver. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { networkInterfaces } from 'node:os'

export type Listeners = Awaited<ReturnType<typeof openListeners>>

export async function openListeners(options: {
  gateway: string
  homeserver: { host: string; port: number }
}) {
  const servers: Server[] = []
  async function listen(host: string, port: number): Promise<number> {
    const server = createServer((_request, response) => void response.end('this machine'))
    servers.push(server)
    await once(server.listen(port, host), 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('It has no port.')
    return address.port
  }
  /** IPv4 and IPv6 alike: `::` takes both. */
  const forgotten = await listen('::', 0)
  await listen(options.homeserver.host, options.homeserver.port)
  return {
    /** Port of a service that listens at every address of this machine. */
    forgotten,
    /** Every address of this machine that is not its own alone. */
    addresses: addressesOf(),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

function addressesOf(): { v4: string[]; v6: string[] } {
  const all = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.filter(({ internal }) => !internal),
  )
  const of = (family: string) => all.filter((it) => it.family === family).map(({ address }) => address)
  return { v4: of('IPv4'), v6: of('IPv6').filter((address) => !address.startsWith('fe80')) }
}
