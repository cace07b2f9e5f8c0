/** Contract: which host and path goes where. */
import { expect, it } from 'vitest'
import type { Setup } from './setup.ts'

export function routingCases(get: () => Setup): void {
  it.each([
    ['localhost', '/', 'spa'],
    ['localhost', '/trpc/x', 'spa'],
    ['app.localhost', '/', 'spa'],
    ['app.localhost', '/desk', 'spa'],
    ['app.localhost', '/trpc/auth.me?batch=1', 'api'],
    ['app.localhost', '/launch', 'api'],
    ['app.localhost', '/credits.csv', 'api'],
    ['app.localhost', '/creditsxcsv', 'spa'],
    ['app.localhost', '/launch/alice', 'api'],
    ['APP.LOCALHOST', '/trpc/auth.me', 'api'],
    ['api.localhost', '/anything', 'api'],
    ['app.localhost', '/trpc?x=/../', 'api'],
    ['app.localhost', '/%74rpc/x', 'spa'],
    ['app.localhost', '//trpc/x', 'spa'],
    ['app.localhost', '/TRPC/x', 'spa'],
    ['alice.localhost', '/.mos/signed-out?x=1', 'gate'],
    ['alice.localhost', '/.mos/x?rt=/..%5c', 'gate'],
    ['not-there.localhost', '/.mos/x', 'gate'],
  ])('routes %s%s to %s', async (host, path, service) => {
    const reply = await get().fetch({ host: `${host}:8080`, path })
    expect(JSON.parse(reply.text)).toMatchObject({ service, url: path, headers: { host: [`${host}:8080`] } })
    expect(reply.headers['set-cookie']).toEqual(['__Host-mos_session=theirs; Path=/; Secure'])
    expect(get().platform.asked).toEqual([])
  })

  it('gives a platform service the header that its browser client sends, and none that is not for clients', async () => {
    const headers = {
      'x-mos': '1',
      'x-mos-user': 'eve',
      authorization: 'Bearer mine',
      cookie: '__Host-mos_a=1',
    }
    const reply = await get().fetch({ host: 'app.localhost', path: '/trpc/x', headers })
    const seen = JSON.parse(reply.text).headers
    expect(seen).toMatchObject({
      'x-mos': ['1'],
      authorization: ['Bearer mine'],
      cookie: ['__Host-mos_a=1'],
      'x-forwarded-for': ['127.0.0.1'],
    })
    expect(seen).not.toHaveProperty('x-mos-user')
  })

  it.each(['alice.localhost', 'ALICE.Localhost:8080', 'signed-up-just-now.localhost'])(
    'asks the gate about %s',
    async (host) => {
      expect((await get().echo({ host, path: '/x' })).url).toBe('/x')
      expect(get().platform.asked).toMatchObject([{ host, path: '/gate' }])
    },
  )

  it.each(['example.org', 'a.b.localhost', '127.0.0.1'])('responds to %s as unknown', async (host) => {
    const reply = await get().fetch({ host })
    expect(reply.status).toBe(404)
    expect(reply.headers['content-type']).toContain('text/plain')
    expect(get().platform.asked).toEqual([])
  })

  it.each(['deeper.alice.localhost', 'example.org'])('shows a person a page at %s', async (host) => {
    const reply = await get().fetch({ host, headers: { accept: 'text/html' } })
    expect(reply.status).toBe(404)
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(reply.text).toContain('<h1>Page not found</h1>')
    expect(reply.text).toContain(`href="${get().options.hosts.landingOrigin}"`)
  })

  it.each([
    '/.mos',
    '/trpc/../.mos/gate.routes',
    '/x/%2e%2E/.mos/cb',
    '//.mos/x',
    '/%2emos/x',
    '/.MOS/x',
    '/a/../b/.%2e/c%5cd',
  ])('does not take %s for a path of the platform, and passes it untouched', async (path) => {
    expect((await get().echo({ path })).url).toBe(path)
    expect(get().platform.asked).toMatchObject([{ question: { uri: path } }])
  })

  it.each([
    ['alice.localhost', '/.mos/../trpc/gate.routes'],
    ['alice.localhost', '/.mos/%2e%2e/trpc/gate.routes'],
    ['alice.localhost', '/.mos/.%2E/x'],
    ['alice.localhost', '/.mos/..\\x'],
    ['alice.localhost', '/.mos/a%5Cb'],
    ['app.localhost', '/trpc/../.mos/gate.routes'],
    ['app.localhost', '/trpc/%2E%2e/x?y'],
    ['app.localhost', '/x/../launch'],
    ['app.localhost', '/launch\\x'],
    ['api.localhost', '/trpc/%5c..'],
    ['localhost', '/..%2fx'],
  ])('refuses %s%s, which means something else to everybody', async (host, path) => {
    expect((await get().fetch({ host, path })).status).toBe(400)
    expect(get().platform.asked).toEqual([])
  })

  it.each(['/a?b=1?c=2?d', '/a//b/./c%2Fd?x=%20y&z=+', '/?', '/?q={env.HOME}&h={http.request.host}'])(
    'passes the URI %s whole',
    async (path) => {
      expect((await get().echo({ path })).url).toBe(path)
      const [asked] = get().platform.asked
      expect(asked?.question.uri).toBe(path)
      // Caddy keeps the bare question mark of `/?` through its rewrite: the gate takes both.
      expect(asked?.path.replace(/\?$/, '')).toBe('/gate')
    },
  )
}
