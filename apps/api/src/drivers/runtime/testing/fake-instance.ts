/** The smallest program that meets the instance contract, with hooks for tests to observe and disturb it. */
import { execFile } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { appendFileSync, chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { basename, join } from 'node:path'

// biome-ignore lint/style/noProcessEnv: a program of its own, whose environment is what tests look at
const env = process.env
const home = env.MATRIX_HOME ?? '/home/matrixos/home'
const inHome = (name: string) => join(home, basename(name))

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function canWrite(path: string): boolean {
  try {
    writeFileSync(path, 'x')
    return true
  } catch {
    return false
  }
}

appendFileSync(inHome('starts'), '.')
const starts = read(inHome('starts')).length

const dial = (host: string, port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const end = (outcome: string) => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => end('connected'))
    socket.once('timeout', () => end('timeout'))
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })

/** Of the kernel's list, by state: `Z` is a zombie. */
const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), state: /^State:\s+(\S)/m.exec(read(`/proc/${pid}/status`))?.[1] }))

/** Runs a command line in a terminal, as the web console does. */
const inTerminal = (command: string) =>
  new Promise<{ ok: boolean; output: string }>((resolve) => {
    const args = ['-qec', `bash -ic '${command}'`, '/dev/null']
    execFile('/bin/script', args, (error, output) => resolve({ ok: error === null, output }))
  })

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

const ROUTES: Record<string, (url: URL, request: IncomingMessage) => unknown> = {
  '/health': () => ({ status: 'ok', handle: env.MATRIX_HANDLE, starts, pid: process.pid }),
  '/env': () => env,
  '/read': (url) => ({ text: read(inHome(url.searchParams.get('name') ?? '')) }),
  '/write': async (url, request) =>
    writeFileSync(inHome(url.searchParams.get('name') ?? ''), await bodyOf(request)),
  '/dial': async (url) => ({
    outcome: await dial(url.searchParams.get('host') ?? '', Number(url.searchParams.get('port'))),
  }),
  '/eat': () => {
    // Outside of the heap that V8 limits itself: the kernel ends this.
    const eaten: Uint8Array[] = []
    for (;;) eaten.push(new Uint8Array(16 * 1024 * 1024).fill(1))
  },
  '/processes': () => ({ processes: processes() }),
  '/terminal': async (_url, request) => await inTerminal(await bodyOf(request)),
  '/setuid': (url) => chmodSync(inHome(url.searchParams.get('name') ?? ''), 0o4755),
  '/self': () => ({
    uid: process.getuid?.(),
    status: read('/proc/self/status'),
    memoryLimit: read('/sys/fs/cgroup/memory/memory.limit_in_bytes') || read('/sys/fs/cgroup/memory.max'),
    rootWritable: canWrite('/written'),
    tmpWritable: canWrite('/tmp/written'),
  }),
}

/** As the public image: a bearer at the gateway, and a second port for pages. */
const isPublic = process.argv.includes('--public')
const token = env.MATRIX_AUTH_TOKEN ?? ''
const isLetIn = (headers: IncomingHttpHeaders) => !isPublic || headers.authorization === `Bearer ${token}`

/** What it makes of who calls, at either port. */
function callerOf({ headers, url }: IncomingMessage, port: 'gateway' | 'shell') {
  const user = String(headers['x-platform-user-id'] ?? '')
  const proof = createHmac('sha256', token).update(user).digest('hex')
  const isVerified = user !== '' && headers['x-platform-verified'] === proof
  return { port, path: url, user, isVerified, handle: headers['x-mos-user'], role: headers['x-mos-role'] }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://instance')
  if (url.pathname !== '/health' && !isLetIn(request.headers)) return void response.writeHead(401).end()
  if (isPublic && url.pathname.endsWith('/caller'))
    return void response.end(JSON.stringify(callerOf(request, 'gateway')))
  const route = ROUTES[url.pathname]
  const answer = await route?.(url, request)
  response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ?? {}))
})

server.on('error', (error) => {
  console.error(error.message)
  process.exit(1)
})
server.listen(Number(env.PORT), () => {
  console.log(`listening, start ${starts}`)
  console.error('to stderr as well')
})

/** Opens a WebSocket and says one word on it, unless the bearer is missing. */
server.on('upgrade', (request, socket) => {
  if (!isLetIn(request.headers)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const accept = createHash('sha1').update(key).digest('base64')
  const lines = [
    '101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
  ]
  socket.write(`HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`)
  socket.write(Buffer.concat([Buffer.from([0x81, 7]), Buffer.from('gateway')]))
})

if (isPublic) {
  const shell = createServer((request, response) => response.end(JSON.stringify(callerOf(request, 'shell'))))
  shell.listen(Number(env.SHELL_PORT))
}

if (process.argv.includes('--interrupt-only')) {
  // The public image's server: without an init process as PID 1, a SIGTERM that it has no handler for is lost.
  process.on('SIGINT', () => process.exit(0))
} else {
  process.on('SIGTERM', () => {
    appendFileSync(inHome('sigterms'), '.')
    setTimeout(() => process.exit(0), Number(read(inHome('term-delay-ms'))))
  })
}
