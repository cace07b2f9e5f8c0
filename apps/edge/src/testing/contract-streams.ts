/** Contract: bytes pass as they come, and what is open is counted. */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { GZIPPED } from './instance.ts'
import { readBody } from './servers.ts'
import { ALICE, type Setup } from './setup.ts'

export function streamCases(get: () => Setup): void {
  it.each(['/sse', '/stream'])('hands the first part of %s over before the rest exists', async (path) => {
    const response = await get().open({ host: ALICE, path })
    const [first] = await once(response, 'data')
    expect(String(first)).toBe('data: first\n\n')
    get().instance.finishStreams()
    expect((await readBody(response)).toString()).toBe('data: last\n\n')
  })

  it('hands the head of an event stream over before its first event', async () => {
    const response = await get().open({ host: ALICE, path: '/silent-sse' })
    expect(response.statusCode).toBe(200)
    get().instance.finishStreams()
    expect(await readBody(response)).toHaveLength(0)
  })

  it('leaves gzip as it was sent', async () => {
    const reply = await get().fetch({ host: ALICE, path: '/gzip', headers: { 'accept-encoding': 'gzip' } })
    expect(reply.headers['content-encoding']).toBe('gzip')
    expect(reply.body.equals(GZIPPED)).toBe(true)
  })

  it('cuts the client’s response when the instance’s was cut', async () => {
    const response = await get().open({ host: ALICE, path: '/cut' })
    await expect(readBody(response)).rejects.toThrow()
  })

  it.each(['PUT', 'PATCH', 'POST', 'DELETE'])(
    'passes a %s of 8 MiB on to an instance, with what it needs',
    async (method) => {
      const body = randomBytes(8 * 1024 * 1024)
      const headers = {
        'content-length': body.length,
        'if-match': '"version"',
        'x-computer-request': '1',
        origin: 'http://alice.localhost',
      }
      const path = '/api/files/content?path=..%2F%00a%2Fb%0A'
      const said = await get().echo({ method, path, headers, body })
      expect(said).toMatchObject({ method, url: path, bytes: body.length })
      expect(said.sha256).toBe(createHash('sha256').update(body).digest('hex'))
      expect(said.headers).toMatchObject({
        'if-match': ['"version"'],
        'x-computer-request': ['1'],
        origin: ['http://alice.localhost'],
      })
    },
  )

  it('counts open WebSockets, streams and nothing else', async () => {
    const { edge, instance } = get()
    const count = async (wanted: number | undefined) =>
      until(`${wanted} in flight`, async () => (await edge.inFlight())[instance.address] === wanted)
    await count(undefined)
    const sockets = [await get().socket(), await get().socket()]
    const stream = await get().open({ host: ALICE, path: '/stream' })
    await count(3)
    for (const { socket } of sockets) socket.terminate()
    await count(1)
    instance.finishStreams()
    await readBody(stream)
    await count(undefined)
    expect(Object.keys(await edge.inFlight())).toEqual([])
  })

  it('forgets a stream whose client has gone', async () => {
    const { edge, instance } = get()
    const response = await get().open({ host: ALICE, path: '/sse' })
    await until('one in flight', async () => (await edge.inFlight())[instance.address] === 1)
    response.destroy()
    await until('none in flight', async () => !(await edge.inFlight())[instance.address])
    instance.finishStreams()
  })

  it('carries large WebSocket messages both ways', async () => {
    const { socket, echo } = await get().socket()
    const text = 'x'.repeat(1_000_000)
    expect((await echo(text)).length).toBe(text.length)
    socket.close()
    await once(socket, 'close')
  })
}
