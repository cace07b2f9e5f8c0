/** Parts of 16 addresses: five slots each. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InstanceAddress, InstanceSpec, Opening } from '../../../ports/runtime.ts'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { ask, healthy, makeSpecWithHome } from '../testing/harness.ts'
import { tableOf } from './firewall/render.ts'

const run = promisify(execFile)
const CONNECTED = { outcome: 'connected' }

describeReal(['docker'], 'instances on several bridges', () => {
  let harness: DockerHarness
  let networkName = ''
  beforeAll(async () => {
    harness = await bootDocker()
    networkName = harness.options.networkName ?? ''
  })
  afterAll(async () => {
    await run('nft', ['delete', 'table', 'inet', tableOf(networkName)]).catch(() => undefined)
    await harness?.[Symbol.asyncDispose]()
  })

  const open = (bridgeBits: number, openings: Opening[] = []) =>
    harness.open({ bridgeBits, firewall: { mode: 'api', openings } })
  const networks = async () =>
    (await harness.docker.listNetworks({ filters: { name: [networkName] } })).map(({ Name }) => Name).sort()
  const table = async () => (await run('nft', ['list', 'table', 'inet', tableOf(networkName)])).stdout
  const bridgesIn = (text: string) => new Set(text.match(/"br-[0-9a-f]+"/g)).size
  const hostOf = (subnet: string, last: number) => subnet.replace(/\d+\/\d+$/, String(last))
  /** As the AI proxy does: on this machine's own address of the first part. */
  async function listen(host: string) {
    const server = createServer((socket) => socket.end()).listen(0, host)
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('It has no port.')
    return { port: address.port, [Symbol.dispose]: () => void server.close() }
  }

  const dial = async (from: InstanceAddress, host: string, port: number) =>
    await ask(from, `/dial?host=${host}&port=${port}`)

  it('splits one that served them all once nobody is on it, and walls off, heals and proves each part', async () => {
    const subnet = harness.options.subnet ?? ''
    const specs: InstanceSpec[] = []
    for (const slot of [0, 7]) specs.push(await makeSpecWithHome(harness, { slot }))
    const [first, second] = specs as [InstanceSpec, InstanceSpec]
    // As made before there were several: one bridge for the whole subnet.
    const before = open(24)
    const places = [await before.start(first), await before.start(second)]
    expect(places.map(({ host }) => host)).toEqual([hostOf(subnet, 10), hostOf(subnet, 17)])
    for (const place of places) await healthy(place)

    // While somebody is up, all stays as it was.
    const during = open(28)
    await during.check(harness.image)
    expect(await networks()).toEqual([networkName])
    expect(await during.start(second)).toEqual(places[1])
    expect((await healthy(await during.start(second))).starts).toBe(1)

    for (const { id } of specs) await before.stop(id)
    const runtime = open(28)
    await runtime.check(harness.image)
    const [a, b] = [await runtime.start(first), await runtime.start(second)]
    expect([a.host, b.host]).toEqual([hostOf(subnet, 10), hostOf(subnet, 28)])
    expect([(await healthy(a)).starts, (await healthy(b)).starts]).toEqual([2, 2])
    expect(await networks()).toEqual([networkName, `${networkName}-2`])

    // Neither reaches the other over this machine, nor this machine but for what is named.
    expect(await dial(a, a.host, a.gatewayPort)).toEqual(CONNECTED)
    expect(await dial(a, b.host, b.gatewayPort)).not.toEqual(CONNECTED)
    expect(await dial(b, a.host, a.gatewayPort)).not.toEqual(CONNECTED)
    expect(bridgesIn(await table())).toBe(2)
    const gateway = hostOf(subnet, 1)
    using service = await listen(gateway)
    for (const from of [a, b]) expect(await dial(from, gateway, service.port)).not.toEqual(CONNECTED)

    // What is open on one bridge is found, whichever it is.
    const request = { image: harness.images.hardened, services: [] }
    expect(await runtime.selfTest(request)).toMatchObject({ neighbour: 'closed', host: 'closed' })
    const unguarded = harness.open({ bridgeBits: 28 })
    await run('nft', ['delete', 'table', 'inet', tableOf(networkName)])
    const other = await harness.docker.getNetwork(`${networkName}-2`).inspect()
    const bridge = `br-${other.Id.slice(0, 12)}`
    const among = ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT']
    await run('iptables', ['-I', ...among])
    try {
      expect(await unguarded.selfTest(request)).toMatchObject({ neighbour: 'open' })
    } finally {
      await run('iptables', ['-D', ...among])
    }
    expect(await unguarded.selfTest(request)).toMatchObject({ neighbour: 'closed' })
    await runtime.verifyIsolation()
    await open(28, [{ host: gateway, port: service.port }]).verifyIsolation()
    for (const from of [a, b]) expect(await dial(from, gateway, service.port)).toEqual(CONNECTED)

    // A part that was removed is made anew, and walled off again.
    await runtime.stop(second.id)
    await harness.docker.getNetwork(`${networkName}-2`).remove()
    expect((await healthy(await runtime.start(second))).starts).toBe(3)
    expect(bridgesIn(await table())).toBe(2)
    const [{ Id = '' } = {}] = await harness.docker.listNetworks({ filters: { name: [`${networkName}-2`] } })
    expect(await table()).toContain(`"br-${Id.slice(0, 12)}"`)

    // One part on which they would reach each other is enough for nobody to start.
    await runtime.stop(second.id)
    await harness.docker.getNetwork(`${networkName}-2`).remove()
    const leaky = await harness.docker.createNetwork({ Name: `${networkName}-2` })
    const error = {
      code: 'isolation_broken',
      cause: { message: expect.stringContaining(`${networkName}-2`) },
    }
    await expect(runtime.verifyIsolation()).rejects.toMatchObject(error)
    await leaky.remove()
    await runtime.verifyIsolation()
  })

  it('makes all of them at once where somebody else keeps the firewall', async () => {
    const away = await bootDocker()
    await using _ = away
    const name = away.options.networkName ?? ''
    const runtime = away.open({ bridgeBits: 25, firewall: { mode: 'host', openings: [] } })
    await runtime.check(away.image)
    const made = await away.docker.listNetworks({ filters: { name: [name] } })
    expect(made.map(({ Name }) => Name).sort()).toEqual([name, `${name}-2`])
  })
})
