/** An address of this machine that leads to a host below `localhost`, which many programs cannot look up. */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Address {
  url: string
  [Symbol.asyncDispose]: () => Promise<void>
}

export async function addressOf(origin: string): Promise<Address> {
  const { host, port } = new URL(origin)
  const server = createServer((asked, answer) => {
    const { method, url: path, headers } = asked
    const on = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, host } }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers)
      came.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
