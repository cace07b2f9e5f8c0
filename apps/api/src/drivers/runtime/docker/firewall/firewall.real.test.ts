/** The table against real packets: a network namespace stands in for what lies behind this machine. */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InstanceAddress } from '../../../../ports/runtime.ts'
import { bootDocker, type DockerHarness } from '../../testing/docker-harness.ts'
import { ask, healthy, makeSpecWithHome } from '../../testing/harness.ts'
import { createNft } from './nft.ts'
import { tableOf } from './render.ts'

const run = promisify(execFile)
const CONNECTED = { outcome: 'connected' }
/** Of ranges that nobody has: one for tests of networks (closed), one for documentation (as good as the internet). */
const PRIVATE = '198.18.77.2'
const PUBLIC = '203.0.113.77'
const LISTENER = `const { createServer } = require('node:net')
for (const port of [25, 443, 465, 587, 8080]) createServer((socket) => socket.end()).listen(port)`
/** As many connections as packets, to the kernel. */
const FLOOD = `const socket = require('node:dgram').createSocket('udp4')
let sent = 0
for (let port = 20_000; port < 24_000; port++)
  socket.send('x', port, '${PUBLIC}', () => ++sent === 4_000 && socket.close())`

/** A host behind this machine, with one address of each range. */
async function openBeyond() {
  const name = `mosr${randomBytes(3).toString('hex')}`
  const inside = (...args: string[]) => run('ip', ['-n', name, ...args])
  await run('ip', ['netns', 'add', name])
  await run('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', 'beyond', 'netns', name])
  await run('ip', ['link', 'set', name, 'up'])
  await run('ip', ['addr', 'add', '198.18.77.1/30', 'dev', name])
  await run('ip', ['route', 'add', `${PUBLIC}/32`, 'dev', name])
  await inside('addr', 'add', `${PRIVATE}/30`, 'dev', 'beyond')
  await inside('addr', 'add', `${PUBLIC}/32`, 'dev', 'beyond')
  await inside('link', 'set', 'beyond', 'up')
  const listener = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', LISTENER], { stdio: 'ignore' })
  const ended = once(listener, 'exit')
  return {
    async [Symbol.asyncDispose]() {
      listener.kill('SIGKILL')
      await ended
      await run('ip', ['netns', 'del', name])
    },
  }
}

describeReal(['docker'], 'the firewall of instances', () => {
  let harness: DockerHarness
  let beyond: Awaited<ReturnType<typeof openBeyond>>
  const servers: Server[] = []
  let networkName = ''
  beforeAll(async () => {
    harness = await bootDocker()
    networkName = harness.options.networkName ?? ''
    beyond = await openBeyond()
  })
  afterAll(async () => {
    for (const server of servers) server.close()
    await beyond?.[Symbol.asyncDispose]()
    await run('nft', ['delete', 'table', 'inet', tableOf(networkName)]).catch(() => undefined)
    await harness?.[Symbol.asyncDispose]()
  })

  async function listen(host: string): Promise<number> {
    const server = createServer((socket) => socket.end())
    servers.push(server)
    server.listen(0, host)
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('It has no port.')
    return address.port
  }

  const from = (instance: InstanceAddress) => async (host: string, port: number) =>
    await ask(instance, `/dial?host=${host}&port=${port}`)

  it('closes this machine, private networks and mail, leaves what is named and the internet, and heals', async () => {
    const { subnet = '' } = harness.options
    const gateway = subnet.replace('.0/24', '.1')
    const bare = harness.open()
    const address = await bare.start(await makeSpecWithHome(harness))
    await healthy(address)
    const dial = from(address)
    const [open, closed] = [await listen(gateway), await listen('0.0.0.0')]
    // Without the table everything answers: what fails below fails for the table's sake.
    await until('the namespace answers', async () => {
      const answer = await dial(PUBLIC, 8080)
      return JSON.stringify(answer) === JSON.stringify(CONNECTED)
    })
    const shut: [string, number][] = [
      [gateway, closed],
      ['198.18.77.1', closed],
      [PRIVATE, 8080],
      [PRIVATE, 443],
      ...[25, 465, 587].map((port): [string, number] => [PUBLIC, port]),
    ]
    for (const [host, port] of shut) expect(await dial(host, port)).toEqual(CONNECTED)

    const firewall = { mode: 'api', openings: [{ host: gateway, port: open }] } as const
    const runtime = harness.open({ firewall })
    await runtime.verifyIsolation()
    expect(runtime.firewall()).toEqual({ by: 'api', why: null })
    for (const [host, port] of shut) expect(await dial(host, port)).not.toEqual(CONNECTED)
    expect(await dial(gateway, open)).toEqual(CONNECTED)
    for (const port of [443, 8080]) expect(await dial(PUBLIC, port)).toEqual(CONNECTED)

    const table = tableOf(networkName)
    await run('nft', ['flush', 'chain', 'inet', table, 'to_host'])
    expect(await dial(gateway, closed)).toEqual(CONNECTED)
    await runtime.verifyIsolation()
    expect(await dial(gateway, closed)).not.toEqual(CONNECTED)
    await run('nft', ['delete', 'table', 'inet', table])
    await runtime.verifyIsolation()
    expect(await createNft().read(table)).toContain('to_host')

    // What the kernel counts is no change of the table: it would begin with nothing every few seconds.
    expect(await dial(PUBLIC, 8080)).toEqual(CONNECTED)
    await runtime.verifyIsolation()
    const { stdout: flows } = await run('nft', ['list', 'set', 'inet', table, 'flows_ip'])
    expect(flows).toContain(address.host)
    const { stdout: id } = await run('docker', ['ps', '--quiet', '--filter', `network=${networkName}`])
    await run('docker', ['exec', id.trim(), 'node', '-e', FLOOD])
    expect(await dial(PUBLIC, 8080)).not.toEqual(CONNECTED)
  })

  it('is tried from inside, and what is found open keeps instances from starting until it is closed', async () => {
    const gateway = (harness.options.subnet ?? '').replace('.0/24', '.1')
    const service = { host: gateway, port: await listen(gateway) }
    const runtime = harness.open({ firewall: { mode: 'api', openings: [service] } })
    const request = { image: harness.images.hardened, services: [service] }
    const closed = { neighbour: 'closed', host: 'closed', metadata: 'closed', services: 'answer' }
    await runtime.verifyIsolation()
    expect(await runtime.selfTest(request)).toEqual(closed)

    await run('nft', ['flush', 'chain', 'inet', tableOf(networkName), 'to_host'])
    expect(await runtime.selfTest(request)).toEqual({ ...closed, host: 'open' })
    const refused = { code: 'isolation_broken', cause: { message: expect.stringMatching(/a port of this/) } }
    const spec = await makeSpecWithHome(harness)
    await expect(runtime.start(spec)).rejects.toMatchObject(refused)
    // Which puts the table right: it counts once that was tried as well.
    await expect(runtime.verifyIsolation()).rejects.toMatchObject(refused)
    expect(await runtime.selfTest(request)).toEqual(closed)
    await runtime.start(spec)
  })

  it('does not make up for a bridge whose containers reach each other: that is found, too', async () => {
    const { Id } = await harness.docker.getNetwork(networkName).inspect()
    const both = ['FORWARD', '-i', `br-${Id.slice(0, 12)}`, '-o', `br-${Id.slice(0, 12)}`, '-j', 'ACCEPT']
    const runtime = harness.open()
    const request = { image: harness.images.hardened, services: [] }
    await run('nft', ['delete', 'table', 'inet', tableOf(networkName)])
    await run('iptables', ['-I', ...both])
    try {
      expect(await runtime.selfTest(request)).toMatchObject({ neighbour: 'open' })
      const spec = await makeSpecWithHome(harness)
      await expect(runtime.start(spec)).rejects.toMatchObject({ code: 'isolation_broken' })
    } finally {
      await run('iptables', ['-D', ...both])
    }
    expect(await runtime.selfTest(request)).toMatchObject({ neighbour: 'closed' })
    const left = await harness.docker.listContainers({
      all: true,
      filters: { label: [`os.matrix.self-test=${harness.options.platformId}`] },
    })
    expect(left).toEqual([])
  })
})
