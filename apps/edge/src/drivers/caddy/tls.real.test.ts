/** Certificates, on a real Caddy: from its own authority, and on demand for hosts that the api knows. */

import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:tls'
import { hostsOf } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import type { Tls } from '../../driver.ts'
import { LIMITS } from '../../policy/limits.ts'
import { startCaddy } from '../../testing/caddy.ts'
import { caddyDriver } from '../../testing/caddy-edge.ts'
import { pass, startPlatform } from '../../testing/gate.ts'
import { startInstance } from '../../testing/instance.ts'

describeReal(['caddy'], 'TLS', () => {
  /** Subject of the certificate shown for a host, and the answer to a request for it. */
  function ask(port: number, host: string): Promise<{ names: string; text: string }> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, servername: host, rejectUnauthorized: false }
      const socket = connect(options, () => {
        const names = socket.getPeerCertificate().subjectaltname ?? ''
        let text = ''
        socket.on('data', (chunk) => {
          text += chunk.toString()
        })
        socket.on('end', () => resolve({ names, text }))
        socket.write(`GET /hello HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      })
      socket.on('error', reject)
    })
  }

  async function start(tls: Tls, limits = LIMITS) {
    const stack = new AsyncDisposableStack()
    const platform = stack.use(await startPlatform())
    const instance = stack.use(await startInstance())
    platform.decide = () => pass(instance.address, { user: 'alice' })
    const caddy = stack.use(await startCaddy(platform.runDir, process.env))
    const [port, askPort] = [await freePort(), await freePort()]
    const driver = caddyDriver({
      ...{ tls, caddy, runDir: platform.runDir, sockets: platform.sockets },
      hosts: hostsOf(`https://localhost:${port}`),
      listen: `127.0.0.1:${port}`,
      askListen: `127.0.0.1:${askPort}`,
      trustedProxies: [],
      limits,
    })
    stack.defer(() => driver.close())
    driver.apply([{ handle: 'alice' }])
    return { port, askPort, caddy, platform, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }

  it('has a certificate of its own authority for every host of the platform', async () => {
    await using edge = await start('internal')
    const { names, text } = await until('TLS', () => ask(edge.port, 'alice.localhost').catch(() => undefined))
    expect(names).toBe('DNS:*.localhost')
    expect(text).toContain('"x-forwarded-proto":["https"]')
    expect((await ask(edge.port, 'signed-up-just-now.localhost')).text).toContain('200 OK')
    expect((await ask(edge.port, 'app.localhost')).text).toContain('"service":"spa"')
  })

  it.each([
    ['a service', 'api.localhost', '/x'],
    ['a closed gate', 'alice.localhost', '/upload'],
    ['nobody', 'nowhere.example', '/'],
  ])('ends the stream of a body that drips to %s over HTTP/2, and no answer', async (_, host, path) => {
    await using edge = await start('internal', { ...LIMITS, platformRequestMs: 1500, lingerMs: 500 })
    edge.platform.decide = () => ({ status: 401 })
    await until('TLS', () => ask(edge.port, 'api.localhost').catch(() => undefined))
    const session = connectHttp2(`https://api.localhost:${edge.port}`, {
      createConnection: () =>
        connect({
          ...{ host: '127.0.0.1', port: edge.port, servername: 'api.localhost' },
          ...{ ALPNProtocols: ['h2'], rejectUnauthorized: false },
        }),
    })
    const streaming = session.request({ ':path': '/trpc/stream' })
    await once(streaming, 'response')
    const dripping = session.request({ ':path': path, ':method': 'POST', ':authority': host })
    const drip = setInterval(() => dripping.write('x'), 100)
    // An error is as good an end as an answer.
    dripping.on('error', () => undefined).resume()
    await new Promise<void>((resolve) => dripping.on('close', () => resolve()))
    clearInterval(drip)
    edge.platform.finishStreams()
    const parts: Buffer[] = await streaming.toArray()
    expect(Buffer.concat(parts).toString()).toBe('firstlast')
    session.destroy()
  })

  it('asks the api for which hosts it may get a certificate', async () => {
    await using edge = await start('on_demand')
    const question = `http://127.0.0.1:${edge.askPort}`
    await until('the listener', () => fetch(`${question}/ask?domain=alice.localhost`).catch(() => undefined))
    await until('the policy', () => edge.caddy.admin.read('/id/mos-tls'))
    await until('the server', () => edge.caddy.admin.read('/id/mos-unknown'))
    edge.platform.serviceAsked.length = 0
    await expect(ask(edge.port, 'nobody.localhost')).rejects.toThrow()
    expect(edge.platform.serviceAsked).toContain('/ask?domain=nobody.localhost')
    expect((await fetch(`${question}/trpc/gate.routes`)).status).toBe(404)
  })
})
