import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createBrowser, UpgradeRefused } from './browser.ts'

type Seen = { host: string; url: string; method: string; headers: IncomingMessage['headers'] }

/** A server for every host name, and a browser whose every connection leads to it. */
async function setUp(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: Seen[] = []
  const note = ({ headers, url = '', method = '' }: IncomingMessage) =>
    void seen.push({ host: headers.host ?? '', url, method, headers })
  const server = createServer((request, response) => {
    note(request)
    respond(request, response)
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    note(request)
    if (request.url === '/no') return void socket.end('HTTP/1.1 403 Forbidden\r\nset-cookie: w=1\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (ws) => ws.on('message', (data) => ws.send(String(data))))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const browser = createBrowser({ connectTo: `127.0.0.1:${port}` })
  const close = async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
  return { seen, browser, [Symbol.asyncDispose]: close }
}

const handOff = (request: IncomingMessage, response: ServerResponse) => {
  const to = (status: number, location: string, ...cookies: string[]) =>
    void response.writeHead(status, { location, 'set-cookie': cookies }).end()
  if (request.url === '/page') return to(302, 'http://app.example.com/launch', 'st=1; Path=/')
  if (request.url === '/launch') return to(303, 'http://alice.example.com/cb')
  if (request.url === '/cb') return to(303, '/in', 'app=1; Path=/', 'st=; Max-Age=0; Path=/')
  response.end(`hello ${request.headers.cookie}`)
}

describe('navigate', () => {
  it('follows a hand-off over two hosts, each with its own cookies', async () => {
    await using stack = await setUp(handOff)
    const response = await stack.browser.navigate('http://alice.example.com/page')
    expect(await response.text()).toBe('hello app=1')
    expect(response.finalUrl).toBe('http://alice.example.com/in')
    expect(response.hops.map(({ status }) => status)).toEqual([302, 303, 303, 200])
    expect(stack.seen.map(({ host, headers }) => [host, headers.cookie, headers['sec-fetch-site']])).toEqual([
      ['alice.example.com', undefined, 'none'],
      ['app.example.com', undefined, 'none'],
      ['alice.example.com', 'st=1', 'none'],
      ['alice.example.com', 'app=1', 'none'],
    ])
    expect(stack.seen[0]?.headers).toMatchObject({
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      accept: expect.stringContaining('text/html'),
    })
    expect(stack.seen[0]?.headers.origin).toBeUndefined()
  })

  it('from a link tells the most distant relation of the chain', async () => {
    await using stack = await setUp(handOff)
    await stack.browser.navigate('http://alice.example.com/page', { from: 'http://alice.example.com' })
    const sites = stack.seen.map(({ headers }) => headers['sec-fetch-site'])
    expect(sites).toEqual(['same-origin', 'same-site', 'same-site', 'same-site'])
  })

  it('stops at a redirect on demand', async () => {
    await using stack = await setUp(handOff)
    const response = await stack.browser.navigate('http://alice.example.com/page', { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('http://app.example.com/launch')
    expect(stack.seen).toHaveLength(1)
  })

  it('gives up on a circle', async () => {
    await using stack = await setUp((_, response) => void response.writeHead(302, { location: '/' }).end())
    await expect(stack.browser.navigate('http://example.com/')).rejects.toThrow('Too many redirects')
  })
})

describe('fetch', () => {
  it('posts from a page of the same origin', async () => {
    await using stack = await setUp((_, response) => void response.writeHead(204).end())
    const init = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    expect((await stack.browser.fetch('http://app.example.com/trpc', init)).status).toBe(204)
    expect(stack.seen[0]).toMatchObject({
      method: 'POST',
      headers: {
        origin: 'http://app.example.com',
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'cors',
        'content-type': 'application/json',
      },
    })
  })

  it.each([
    ['http://alice.example.com', 'same-site', 's=1; l=1'],
    ['http://evil.test', 'cross-site', undefined],
  ])('from a page of %s is %s', async (from, site, cookie) => {
    await using stack = await setUp((_, response) => void response.end())
    const url = new URL('http://app.example.com/')
    stack.browser.jar.store(url, ['s=1; SameSite=Strict', 'l=1; SameSite=Lax'])
    await stack.browser.fetch(url.href, { from })
    expect(stack.seen[0]?.headers).toMatchObject({ origin: from, 'sec-fetch-site': site })
    expect(stack.seen[0]?.headers.cookie).toBe(cookie)
  })

  it('streams, and ends when it is aborted', async () => {
    await using stack = await setUp((_, response) => void response.write('data: 1\n\n'))
    const controller = new AbortController()
    const response = await stack.browser.fetch('http://app.example.com/', { signal: controller.signal })
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
    controller.abort()
    await expect(reader?.read()).rejects.toThrow()
  })
})

describe('websocket', () => {
  it("carries the host's cookies and the page's origin", async () => {
    await using stack = await setUp((_, response) => void response.end())
    stack.browser.jar.store(new URL('http://alice.example.com/'), ['app=1'])
    const socket = await stack.browser.websocket('ws://alice.example.com/ws')
    socket.send('ping')
    expect(String((await once(socket, 'message'))[0])).toBe('ping')
    socket.terminate()
    expect(stack.seen[0]).toMatchObject({
      host: 'alice.example.com',
      headers: { cookie: 'app=1', origin: 'http://alice.example.com' },
    })
    expect(stack.seen[0]?.headers['sec-fetch-site']).toBeUndefined()
  })

  it('tells the status of a refusal', async () => {
    await using stack = await setUp((_, response) => void response.end())
    const attempt = stack.browser.websocket('ws://alice.example.com/no', {
      from: 'http://mallory.example.com',
    })
    await expect(attempt).rejects.toEqual(new UpgradeRefused(403))
    expect(stack.seen[0]?.headers.origin).toBe('http://mallory.example.com')
    expect(stack.browser.jar.get('alice.example.com', 'w')?.value).toBe('1')
  })
})
