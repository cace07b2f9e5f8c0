/** Contract: instances may live under a domain of their own, and nothing depends on it being below the platform's. */
import { expect, it } from 'vitest'
import { pass } from './gate.ts'
import { type StartEdge, setUp } from './setup.ts'

const DOMAINS = [
  { publicUrl: 'http://mos.test:PORT', instanceDomain: 'mos-inst.test' },
  { publicUrl: 'http://mos.test:PORT', instanceDomain: 'mosinst' },
  { publicUrl: 'http://mos.test:PORT', instanceDomain: 'people.mos.test' },
]

export function domainCases(start: StartEdge): void {
  it.each(DOMAINS)('keeps platform and instances apart: $instanceDomain', async (names) => {
    await using setup = await setUp(start, names)
    const { instanceDomain } = names
    const service = async (host: string, path = '/') => {
      const { status, text } = await setup.fetch({ host, path })
      return status === 200 ? JSON.parse(text).service : status
    }
    expect(await service('mos.test')).toBe('spa')
    expect(await service('app.mos.test')).toBe('spa')
    expect(await service('app.mos.test', '/trpc/x')).toBe('api')
    expect(await service('api.mos.test')).toBe('api')
    expect(await service(`alice.${instanceDomain}`, '/.mos/x')).toBe('gate')
    // Nothing of the platform's lives below the instances' domain, and no instance below the platform's.
    expect(await service('alice.mos.test')).toBe(404)
    expect(await service(instanceDomain)).toBe(404)
    expect(await service(`deeper.alice.${instanceDomain}`)).toBe(404)
    for (const name of ['alice', 'app', 'api']) {
      setup.platform.asked.length = 0
      const { headers } = await setup.echo({ host: `${name}.${instanceDomain}`, path: '/trpc/x' })
      expect(headers).toMatchObject({ 'x-mos-user': ['alice'], host: [`${name}.${instanceDomain}`] })
      expect(setup.platform.asked).toMatchObject([{ host: `${name}.${instanceDomain}` }])
    }
  })

  it.each(DOMAINS)('disarms an instance at $instanceDomain', async (names) => {
    await using setup = await setUp(start, names)
    const host = `alice.${names.instanceDomain}`
    const frameAncestor = setup.options.hosts.appOrigin
    setup.platform.decide = () => pass(setup.instance.address, { frameAncestor })
    const { headers } = await setup.fetch({ host, path: '/cookies' })
    expect(
      headers['set-cookie']?.filter((cookie) => /domain\s*=\s*\.?localhost|__Host-mos/i.test(cookie)),
    ).toEqual([])
    expect(headers).not.toHaveProperty('clear-site-data')
    expect(headers['content-security-policy']).toContain(
      `frame-ancestors 'self' http://app.mos.test:${setup.port}`,
    )
    const cookie = 'junk=1; __Host-mos_app=a'
    expect((await setup.echo({ host, headers: { cookie } })).headers.cookie).toEqual(['junk=1'])
    expect(setup.platform.asked.at(-1)?.headers.cookie).toEqual(['__Host-mos_app=a'])
    expect((await setup.fetch({ host, path: '/.mos/..%2fx' })).status).toBe(400)
  })
}
