/**
 * An instance whose owner tries to get out: it runs whatever code it is sent, as that owner could in a terminal, and
 * answers what that printed. Its own listeners are what neighbours are looked for by.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { createServer, type IncomingMessage } from 'node:http'

const PORTS = [3000, 4000, 8080]
const UDP_PORT = 5353
/** What it prints at once, bytes. */
const CHUNK = 64 * 1024
const PROGRAMS: Record<string, string[]> = {
  node: ['/usr/local/bin/node', '--input-type=module', '-e'],
  perl: ['/usr/bin/perl', '-e'],
  /** The same program with the bit that makes its user root. */
  setuid: ['/opt/hostile/setuid-perl', '-e'],
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** `null`: not waited for. */
function run(name: string, code: string, isAwaited: boolean): Promise<object | null> {
  const [program = '', ...args] = PROGRAMS[name] ?? []
  return new Promise((resolve) => {
    const child = spawn(program, [...args, code], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: null, signal: null, output: error.message }))
    child.on('close', (code, signal) => resolve({ code, signal, output }))
    if (!isAwaited) resolve(null)
  })
}

async function flood(bytes: number): Promise<void> {
  const line = `${'flood '.repeat(20)}\n`
  const chunk = line.repeat(Math.ceil(CHUNK / line.length))
  for (let left = bytes; left > 0; left -= chunk.length)
    await new Promise((resolve) => process.stdout.write(chunk, resolve))
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://instance')
  if (url.pathname === '/run')
    return await run(
      url.searchParams.get('program') ?? '',
      await bodyOf(request),
      !url.searchParams.has('leave'),
    )
  if (url.pathname === '/flood') await flood(Number(url.searchParams.get('bytes')))
  return { status: 'ok' }
}

for (const port of PORTS)
  createServer(async (request, response) => {
    const body = JSON.stringify(await answer(request))
    response.end(body)
  }).listen(port)

const udp = createSocket('udp4', (message, { port, address }) => udp.send(message, port, address))
udp.bind(UDP_PORT)

process.on('SIGTERM', () => process.exit(0))
