import { hostsOf, singleHostsOf } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { socketsIn } from '../../../driver.ts'
import { LIMITS } from '../../../policy/limits.ts'
import { render, TENANTS_ID } from './config.ts'
import { depthFor, renderShards } from './shards.ts'
import type { CaddyRoute } from './types.ts'

const options = {
  hosts: hostsOf('http://localhost:8080'),
  sockets: socketsIn('/run/mos'),
  listen: '127.0.0.1:8080',
  tls: 'off',
  trustedProxies: [],
  limits: LIMITS,
} as const

const handles = (count: number) => Array.from({ length: count }, (_, i) => `tenant${i}`)
const hostOf = (handle: string) => `${handle}.localhost`

/** Follows the host matchers as Caddy does; returns the route and how many matchers were looked at. */
function walk(routes: readonly CaddyRoute[], host: string, looked = 0): { id?: string; looked: number } {
  for (const [i, route] of routes.entries()) {
    const hosts = route.match?.[0]?.host
    if (!Array.isArray(hosts) || !hosts.includes(host)) continue
    const below = route.handle[0]?.routes
    return Array.isArray(below)
      ? walk(below, host, looked + i + 1)
      : { ...(route['@id'] ? { id: route['@id'] } : {}), looked: looked + i + 1 }
  }
  return { looked: looked + routes.length }
}

/** All proxies in a part of a configuration, wherever they are. */
function proxiesIn(part: unknown): Record<string, unknown>[] {
  if (typeof part !== 'object' || part === null) return []
  const own = 'handler' in part && part.handler === 'reverse_proxy' ? [{ ...part }] : []
  return [...own, ...Object.values(part).flatMap(proxiesIn)]
}

const isAskedAnew = (proxy: Record<string, unknown>) =>
  JSON.stringify(proxy.transport).includes('"keep_alive":{"enabled":false}')

describe('render', () => {
  it('is a pure function of hosts, sockets and routes', () => {
    const server = render(options, [{ handle: 'bob' }, { handle: 'alice' }])
    expect(server).toEqual(render(options, [{ handle: 'alice' }, { handle: 'bob' }, { handle: 'bob' }]))
    expect(server).toMatchSnapshot()
  })

  it('asks for TLS when told to', () => {
    expect(render({ ...options, tls: 'internal' }, [])).toMatchObject({ tls_connection_policies: [{}] })
    expect(render(options, [])).not.toHaveProperty('tls_connection_policies')
  })

  it('trusts proxies only where they are named', () => {
    const trusting = render({ ...options, trustedProxies: ['10.0.0.5', 'fd00::/8'] }, [])
    expect(trusting).toMatchObject({
      trusted_proxies: { source: 'static', ranges: ['10.0.0.5', 'fd00::/8'] },
      trusted_proxies_strict: 1,
    })
    expect(JSON.stringify(render(options, []))).not.toMatch(/trusted_prox|client_ip/)
  })

  it('writes no variable of a request whose connection is kept once the answer is there', () => {
    const keeping = proxiesIn(render(options, [])).filter((proxy) => !isAskedAnew(proxy))
    expect(keeping.length).toBeGreaterThan(0)
    for (const { handle_response } of keeping)
      expect(JSON.stringify(handle_response ?? [])).not.toContain('"handler":"vars"')
  })

  it('looks at passes where it knows their folder, after the rules for all requests', () => {
    const idsOf = ({ routes }: ReturnType<typeof render>) => routes.map((route) => route['@id'])
    const without = render(options, [])
    expect(JSON.stringify(without)).not.toMatch(/pass/i)
    const reading = render({ ...options, passFolder: '/run/mos/pass' }, [])
    const ids = idsOf(without)
    const at = ids.indexOf('mos-cookies') + 1
    expect(idsOf(reading)).toEqual([...ids.slice(0, at), 'mos-pass', ...ids.slice(at)])
    expect(reading.routes[at]).toMatchSnapshot()
  })

  it('keeps the tenants’ routes small beside their hosts', () => {
    const tenants = render(
      options,
      handles(10_000).map((handle) => ({ handle })),
    ).routes.find((route) => route['@id'] === TENANTS_ID)
    expect(JSON.stringify(tenants).length / 10_000).toBeLessThan(250)
  })
})

describe('shards', () => {
  it.each([
    [0, 0],
    [24, 0],
    [25, 1],
    [576, 1],
    [577, 2],
    [13_824, 2],
    [13_825, 3],
  ])('for %i tenants have %i levels', (tenants, depth) => expect(depthFor(tenants)).toBe(depth))

  it.each([0, 1, 24, 25, 600, 10_000])('lead %i tenants to their routes in few steps', (count) => {
    const names = handles(count)
    const shards = renderShards(names, hostOf)
    expect(shards).toHaveLength(count <= 24 ? 1 : 24)
    for (const name of names) {
      const { id, looked } = walk(shards, hostOf(name))
      expect(id).toBe(`tenant-${name}`)
      expect(looked).toBeLessThan(130)
    }
    expect(walk(shards, 'nobody.localhost').id).toBeUndefined()
  })

  it('differ in one place when one tenant comes', () => {
    const before = renderShards(handles(5000), hostOf)
    const after = renderShards([...handles(5000), 'new-here'], hostOf)
    const changed = after.filter((shard, i) => JSON.stringify(shard) !== JSON.stringify(before[i]))
    expect(changed).toHaveLength(1)
  })
})

it("gives the domain itself to one person's own computer, and refuses no path there", () => {
  const { routes } = render({ ...options, hosts: singleHostsOf('http://localhost:8080') }, [
    { handle: 'ada' },
  ] as never)
  const text = JSON.stringify(routes)
  expect(text).not.toContain('mos-landing')
  const hostsOfRoute = (id: string) => JSON.stringify(routes.find((route) => route['@id'] === id)?.match)
  expect(hostsOfRoute('mos-fallback')).toBe('[{"host":["localhost"]}]')
  expect(hostsOfRoute('mos-refused')).toContain('"host":["app.localhost","api.localhost"]')
})
