/** What an instance reaches of the machine that it runs on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { dial } from './dial.ts'
import type { Setup } from './setup.ts'

const SOCKETS = ['api', 'gate', 'service', 'spa', 'groups', 'caddy-admin']
const ENGINE_SOCKETS = ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock']
/** Caddy's own, and the engine's, where somebody switched them to TCP. */
const CONTROL_PORTS = [2019, 2375, 2376]

/** Every TCP port that something listens at on this machine, whatever the address. */
function listeningPorts(): number[] {
  const lines = ['tcp', 'tcp6'].flatMap((file) =>
    readFileSync(`/proc/net/${file}`, 'utf8').split('\n').slice(1),
  )
  const LISTEN = '0A'
  const ports = lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    return state === LISTEN ? [Number.parseInt(local.split(':')[1] ?? '', 16)] : []
  })
  return [...new Set(ports)]
}

/** Every place of this machine but what is open on purpose. */
function placesOf({ listeners, homeserver, stack }: Setup, ports: number[]) {
  const proxy = new URL(stack.platform().aiProxyUrl ?? '').host
  const isOpen = (host: string, port: number) =>
    (host === homeserver.host && port === homeserver.port) || `${host}:${port}` === proxy
  return listeners.addresses.v4.flatMap((host) =>
    ports.filter((port) => !isOpen(host, port)).map((port) => ({ host, port })),
  )
}

const SEEN = (paths: string[]) => `import { existsSync } from 'node:fs'
console.log(JSON.stringify(${JSON.stringify(paths)}.filter((path) => existsSync(path))))`

export function hostCases(get: () => Setup): void {
  it('reaches nothing that listens at all addresses of this machine', async () => {
    const setup = get()
    const places = placesOf(setup, [setup.listeners.forgotten])
    expect(places.length).toBeGreaterThan(1)
    for (const { host, port } of places) expect(await dial(host, port)).toBe('connected')
    expect(await setup.attack.reached(places)).toEqual([])
  })

  it('reaches no port of this machine at any of its addresses', async () => {
    const setup = get()
    const ports = listeningPorts()
    expect(ports).toContain(Number(new URL(setup.stack.url).port))
    expect(await setup.attack.reached(placesOf(setup, ports))).toEqual([])
  })

  it('reaches no PostgreSQL', async () => {
    const setup = get()
    const { hostname, port } = new URL(setup.stack.databaseUrl ?? '')
    expect(await dial(hostname, Number(port || 5432))).toBe('connected')
    expect(await setup.attack.reached(placesOf(setup, [Number(port || 5432)]))).toEqual([])
  })

  it("reaches neither Caddy's admin nor the engine by TCP", async () => {
    const setup = get()
    expect(await setup.attack.reached(placesOf(setup, CONTROL_PORTS))).toEqual([])
  })

  for (const name of SOCKETS)
    it(`sees no ${name}.sock`, async () => {
      const { attack, stack } = get()
      const path = join(stack.runDir, `${name}.sock`)
      expect(existsSync(path)).toBe(true)
      expect(await attack.told(z.array(z.string()), 'node', SEEN([path]))).toEqual([])
    })

  it('sees no socket of the engine', async () => {
    expect(ENGINE_SOCKETS.some((path) => existsSync(path))).toBe(true)
    expect(await get().attack.told(z.array(z.string()), 'node', SEEN(ENGINE_SOCKETS))).toEqual([])
  })

  it('sees no process of this machine', async () => {
    const { attack } = get()
    const seen = await attack.told(
      z.array(z.string()),
      'node',
      `import { readdirSync, readFileSync } from 'node:fs'
       const pids = readdirSync('/proc').filter((name) => /^\\d+$/.test(name))
       console.log(JSON.stringify(pids.map((pid) => readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0')[0])))`,
    )
    expect(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length).toBeGreaterThan(seen.length)
    expect(seen.filter((program) => !/docker-init|node/.test(program))).toEqual([])
  })
}
