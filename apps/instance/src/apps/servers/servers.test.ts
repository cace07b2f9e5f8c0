import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { bootWithApps, edgeHeaders } from '../../testing/apps.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { createServers, type ServersOptions } from './servers.ts'

const BASH = '/bin/bash'
const SERVER = (script: string) => ({
  'app.json': JSON.stringify({ name: 'Server', server: { command: `exec ${process.execPath} server.mjs` } }),
  'server.mjs': script,
  'index.html': 'not served',
})
const ECHO = `
import { createServer } from 'node:http'
console.log('I began')
createServer((request, response) => {
  if (request.url === '/end') process.exit(3)
  response.setHeader('x-said', 'yes')
  if (request.url === '/stream') {
    response.write('first')
    return
  }
  response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, env: process.env }))
}).on('upgrade', (request, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n')
  socket.end('over')
}).listen(Number(process.env.PORT), '127.0.0.1')
`
const PTY = { terminal: { kind: 'pty', shell: BASH } } as const

test.runIf(existsSync(BASH))('starts a server when somebody comes, and passes requests on', async () => {
  const secrets = { ANTHROPIC_API_KEY: 'mosai_secret', OPENAI_API_KEY: 'mosai_secret', TZ: 'UTC' }
  await using at = await bootWithApps({ echo: SERVER(ECHO) }, { ...PTY, shellEnvironment: secrets })
  const answer = await at.ask('echo', '/hello?x=1', { role: 'visitor', ai: '5', headers: { 'x-mine': '1' } })
  expect(answer.headers.get('x-said')).toBe('yes')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  const { url, headers, env } = await answer.json()
  expect(url).toBe('/hello?x=1')
  expect(headers).toMatchObject({ 'x-mine': '1', 'x-mos-role': 'visitor', host: 'echo--alice.example.org' })
  expect(headers).not.toHaveProperty('x-mos-permissions')
  expect(env).toMatchObject({ TZ: 'UTC', MATRIX_APP: 'echo', HOME: at.home })
  expect(JSON.stringify(env)).not.toContain('secret')
  expect((await at.ask('echo', '/index.html')).headers.get('x-said')).toBe('yes')
  expect((await at.ask('echo', '/.app/kv/a')).headers.get('x-said')).toBeNull()
  const list = await (await fetch(at.url('/api/apps'))).json()
  expect(list.apps[0]).toMatchObject({ name: 'echo', server: { state: 'running' } })
  expect(await (await fetch(at.url('/api/apps/echo/log'))).json()).toEqual({
    text: expect.stringContaining('I began'),
  })
  await at.stop()
  await using again = await bootWithApps({}, { ...PTY, home: at.home })
  expect(await (await fetch(again.url('/api/apps/echo/log'))).json()).toEqual({
    text: expect.stringContaining('I began'),
  })
})

test.runIf(existsSync(BASH))('passes streams and WebSockets on', async () => {
  await using at = await bootWithApps({ echo: SERVER(ECHO) }, PTY)
  const stream = (await at.ask('echo', '/stream')).body?.getReader()
  expect(new TextDecoder().decode((await stream?.read())?.value)).toBe('first')
  await stream?.cancel()
  const open = (origin: string) =>
    new WebSocket(`ws://127.0.0.1:${at.port}/live`, { headers: { ...edgeHeaders('echo', 'owner'), origin } })
  const own = open('https://echo--alice.example.org')
  own.on('error', () => undefined)
  const [upgraded] = await once(own, 'upgrade')
  expect(upgraded.statusCode).toBe(101)
  const foreign = open('https://alice.example.org')
  const [error] = await once(foreign, 'error')
  expect(error.message).toContain('403')
})

test.runIf(existsSync(BASH))('tells its owner why a server does not answer, and nobody else', async () => {
  await using at = await bootWithApps({ bad: SERVER('console.error("no such table"); process.exit(4)') }, PTY)
  const page = { headers: { accept: 'text/html' } }
  const own = await at.ask('bad', '/', page)
  expect(own.status).toBe(503)
  expect(await own.text()).toMatch(/exit code 4[\s\S]*no such table/)
  const other = await at.ask('bad', '/', { ...page, role: 'visitor' })
  expect([other.status, await other.text()]).toEqual([503, expect.not.stringContaining('table')])
})

test('refuses servers where nothing keeps programs apart from the machine', async () => {
  await using at = await bootWithApps({ echo: SERVER(ECHO) })
  const answer = await at.ask('echo', '/')
  expect(answer.status).toBe(503)
  expect((await answer.json()).message).toContain('none runs here. No shell in tests.')
  const { apps } = await (await fetch(at.url('/api/apps'))).json()
  expect(apps[0].server.state).toBe('refused')
})

async function startServers(options: Partial<ServersOptions> = {}) {
  const folder = await temporaryFolder()
  let now = 0
  const servers = createServers({
    ...{ shell: BASH, refusal: '', environment: {}, onChange: () => undefined },
    folderOf: () => folder.path,
    logPathOf: (app) => join(folder.path, `${app}.log`),
    clock: () => now,
    ...options,
  })
  return {
    ...{ servers, folder: folder.path },
    pass: (ms: number) => {
      now += ms
    },
    async [Symbol.asyncDispose]() {
      await servers.stopAll()
      await folder[Symbol.asyncDispose]()
    },
  }
}
const LISTEN = `exec ${process.execPath} -e 'require("net").createServer().listen(process.env.PORT, "127.0.0.1")'`

test.runIf(existsSync(BASH))(
  'waits longer after each failure, and begins anew when its owner says so',
  async () => {
    await using at = await startServers()
    const use = () => at.servers.use('bad', 'echo failing; exit 1')
    await expect(use()).rejects.toThrow('exit code 1')
    await expect(use()).rejects.toMatchObject({ retryAfterS: 1, lines: expect.stringContaining('failing') })
    at.pass(1_000)
    await expect(use()).rejects.toMatchObject({ retryAfterS: undefined })
    await expect(use()).rejects.toMatchObject({ retryAfterS: 2 })
    await at.servers.stop('bad')
    await expect(use()).rejects.toMatchObject({ retryAfterS: undefined })
  },
)

test.runIf(existsSync(BASH))('runs so many at once, of which one that nobody uses makes room', async () => {
  await using at = await startServers({ limits: { atOnce: 2 } })
  const first = await at.servers.use('first', LISTEN)
  await at.servers.use('second', LISTEN)
  await expect(at.servers.use('third', LISTEN)).rejects.toThrow('as many as I can run')
  first.end()
  const third = await at.servers.use('third', LISTEN)
  expect(at.servers.stateOf('first').state).toBe('stopped')
  expect(at.servers.stateOf('third').state).toBe('running')
  third.end()
})

test.runIf(existsSync(BASH))('stops a server that nobody uses, with all that it started', async () => {
  await using at = await startServers({ limits: { idleMs: 1 } })
  const command = `sleep 1000 & echo $! > child\n${LISTEN}`
  const lease = await at.servers.use('app', command)
  const child = Number(await readFile(join(at.folder, 'child'), 'utf8'))
  expect(existsSync(`/proc/${child}`)).toBe(true)
  lease.end()
  await expect.poll(() => at.servers.stateOf('app').state).toBe('stopped')
  const isGone = () =>
    !existsSync(`/proc/${child}`) ||
    readFile(`/proc/${child}/stat`, 'utf8').then((stat) => stat.includes(') Z '))
  await expect.poll(isGone).toBe(true)
})

test.runIf(existsSync(BASH))('starts one anew when the one before is gone, and not twice', async () => {
  await using at = await startServers()
  const slow = `const { writeFileSync: write } = require("fs")
    process.on("SIGHUP", () => { write("told", ""); setTimeout(() => { write("gone", ""); process.exit() }, 300) })
    require("net").createServer().listen(process.env.PORT, "127.0.0.1")`
  const command = `ls >> starts\nexec ${process.execPath} -e '${slow}'`
  await at.servers.use('app', command)
  const stopped = at.servers.stop('app')
  await expect.poll(() => existsSync(join(at.folder, 'told'))).toBe(true)
  const again = at.servers.use('app', command)
  await Promise.all([stopped, again])
  expect(at.servers.stateOf('app').state).toBe('running')
  await at.servers.use('app', command)
  const starts = (await readFile(join(at.folder, 'starts'), 'utf8')).split('\n')
  expect(starts.filter((name) => name === 'starts')).toHaveLength(2)
  expect(starts).toContain('gone')
})

test.runIf(existsSync(BASH))(
  'gives up on one that never listens, and on one that takes too much memory',
  async () => {
    await using at = await startServers({ limits: { startWithinMs: 100, mostBytes: 1024 * 1024 } })
    await expect(at.servers.use('slow', 'exec sleep 1000')).rejects.toThrow(/did not listen on port \d+/)
    const patient = await startServers({ limits: { mostBytes: 1024 * 1024 } })
    await using _ = patient
    await patient.servers.use('large', LISTEN)
    await expect
      .poll(() => patient.servers.stateOf('large').reason, { timeout: 8_000 })
      .toContain('more than 1 MB')
  },
)
