/** The smallest program that meets the instance contract, with hooks for tests to observe and disturb it. */
import { execFile } from 'node:child_process'
import { appendFileSync, chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
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

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://instance')
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

if (process.argv.includes('--interrupt-only')) {
  // The public image's server: without an init process as PID 1, a SIGTERM that it has no handler for is lost.
  process.on('SIGINT', () => process.exit(0))
} else {
  process.on('SIGTERM', () => {
    appendFileSync(inHome('sigterms'), '.')
    setTimeout(() => process.exit(0), Number(read(inHome('term-delay-ms'))))
  })
}
