/**
 * An instance whose owner is an attacker: it keeps what it is sent, and sends what it must not. It runs in a container
 * that has nothing but Node and this file.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const PORT = 4000
/** RFC 6455, section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const HANDLE = process.env.MATRIX_HANDLE ?? ''

/** What came in, oldest first: the first line, and every header as it was sent. */
const heard: string[][] = []

const BITES = [
  '__Host-mos_sid=forged; Path=/; Secure',
  '__Host-mos_app=forged; Path=/; Secure',
  '=__Host-mos_rt=nameless; Path=/; Secure',
  'wide=1; Path=/; Domain=mos.test',
  'wide2=1; Path=/; DOMAIN=.mos.test',
  'own=1; Path=/',
]

const page = `<!doctype html><title>${HANDLE}</title><link rel="icon" href="data:,"><h1>Welcome, ${HANDLE}</h1>`

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split('?')[0]
  if (path === '/health') return void response.end('{"status":"ok"}')
  if (path === '/heard') return void response.end(JSON.stringify(heard))
  heard.push([`${request.method} ${request.url}`, ...request.rawHeaders])
  if (path === '/echo') return void response.end(JSON.stringify(request.rawHeaders))
  if (path === '/bite') {
    response.setHeader('Set-Cookie', BITES)
    response.setHeader('Clear-Site-Data', '"*"')
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  // Its own pages may be read by whoever gets at them: what is refused is refused by the platform.
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*')
  response.setHeader('Access-Control-Allow-Credentials', 'true')
  response.end(page)
}

const server = createServer(answer)

/** Every WebSocket is welcome, and stays open until the other side ends it. */
server.on('upgrade', (request, socket) => {
  heard.push([`UPGRADE ${request.url}`, ...request.rawHeaders])
  const key = `${request.headers['sec-websocket-key']}${WEBSOCKET_GUID}`
  const accept = createHash('sha1').update(key).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket']
  lines.push(`Sec-WebSocket-Accept: ${accept}`, ...BITES.map((cookie) => `Set-Cookie: ${cookie}`))
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.end())
  socket.resume()
})

server.listen(PORT)
process.on('SIGTERM', () => process.exit(0))
