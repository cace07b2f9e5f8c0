/**
 * Stands in for the gate or an instance, in a process of its own, where no platform is there to measure with: a
 * trivial server, so that what is measured is the edge. Tells its parent where it listens.
 */
import { createServer } from 'node:http'
import { GATE_HEADERS } from '@matrixos/shared'
import { WebSocketServer } from 'ws'

const [role, where = ''] = process.argv.slice(2)

const answers = {
  gate: { [GATE_HEADERS.upstream]: where.split(',')[1] ?? '', [GATE_HEADERS.user]: 'bench' },
  instance: { 'content-type': 'text/plain' },
}

const server = createServer((_, response) => {
  if (role === 'gate') {
    const empty = Object.fromEntries(Object.values(GATE_HEADERS).map((name) => [name, '']))
    response.writeHead(204, { ...empty, ...answers.gate }).end()
  } else {
    response.writeHead(200, answers.instance).end('hello')
  }
})
if (role === 'instance')
  new WebSocketServer({ server }).on('connection', (socket) =>
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  )
server.listen(role === 'gate' ? where.split(',')[0] : { host: '127.0.0.1', port: 0 }, () => {
  const address = server.address()
  process.send?.(typeof address === 'string' ? address : `127.0.0.1:${address?.port}`)
})
process.once('disconnect', () => process.exit(0))
