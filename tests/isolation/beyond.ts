/** A network namespace that stands in for what lies behind this machine: a metadata service, a private network, the internet. */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { until } from '@matrixos/testing/until'
import { dial } from './dial.ts'

const run = promisify(execFile)

/** Of ranges that nobody has here; never the address that real metadata services have. */
export const METADATA = '169.254.77.2'
export const PRIVATE = '198.18.91.2'
/** For documentation: as good as the internet. */
export const PUBLIC = '203.0.113.91'
export const PORTS = [25, 80, 443, 465, 587, 8080]

const LISTENER = `const { createServer } = require('node:net')
for (const port of [${PORTS}]) createServer((socket) => socket.end()).listen(port)`

export async function openBeyond(): Promise<AsyncDisposable> {
  const name = `mosi${randomBytes(3).toString('hex')}`
  const inside = (...args: string[]) => run('ip', ['-n', name, ...args])
  await using opened = new AsyncDisposableStack()
  await run('ip', ['netns', 'add', name])
  opened.defer(async () => void (await run('ip', ['netns', 'del', name])))
  await run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', 'beyond', 'netns', name])
  await run('ip', ['link', 'set', name, 'up'])
  await run('ip', ['addr', 'add', '169.254.77.1/30', 'dev', name])
  await run('ip', ['addr', 'add', '198.18.91.1/30', 'dev', name])
  await run('ip', ['route', 'add', `${PUBLIC}/32`, 'dev', name])
  for (const address of [`${METADATA}/30`, `${PRIVATE}/30`, `${PUBLIC}/32`])
    await inside('addr', 'add', address, 'dev', 'beyond')
  await inside('link', 'set', 'beyond', 'up')
  // Else it would have no way back to an instance, and nothing would answer for that reason alone.
  await inside('route', 'add', 'default', 'via', '198.18.91.1')
  const listener = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', LISTENER], { stdio: 'ignore' })
  const ended = once(listener, 'exit')
  opened.defer(async () => {
    listener.kill('SIGKILL')
    await ended
  })
  for (const host of [METADATA, PRIVATE, PUBLIC])
    await until(`${host} answers this machine`, async () => (await dial(host, 8080)) === 'connected')
  return opened.move()
}
