/** Contract: what the gate says, goes. */

import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { freePort } from '@matrixos/testing/free-port'
import { expect, it } from 'vitest'
import { pass } from './gate.ts'
import { startInstance } from './instance.ts'
import { ALICE, type Setup } from './setup.ts'

export function gateCases(get: () => Setup): void {
  /** The gate's answer, held for as long as a whole visit to another host takes: the edge is well into sending by then. */
  async function heldPass() {
    const { fetch, instance } = get()
    expect((await fetch({ host: 'app.localhost' })).status).toBe(200)
    return pass(instance.address)
  }

  it.each([302, 401, 404, 503])('passes an answer of %i on as it is', async (status) => {
    const cookies = ['__Host-mos_a=1; Path=/; Secure', '__Host-mos_b=2; Path=/; Secure']
    get().platform.decide = () => ({
      status,
      headers: { location: 'http://app.localhost/launch', 'set-cookie': cookies, 'retry-after': '1' },
      body: 'From the gate.',
    })
    const reply = await get().fetch({ host: ALICE, method: 'POST', body: Buffer.from('lost') })
    expect(reply).toMatchObject({ status, text: 'From the gate.' })
    expect(reply.headers).toMatchObject({ location: 'http://app.localhost/launch', 'retry-after': '1' })
    expect(reply.headers['set-cookie']).toEqual(cookies)
    expect(reply.headers).not.toHaveProperty('content-security-policy')
  })

  it('tells the gate method, URI and cookies, and asks without body and upgrade', async () => {
    const headers = {
      cookie: '__Host-mos_session=s; own=1',
      connection: 'close, X-Forwarded-Uri',
      te: 'trailers',
    }
    await get().fetch({ host: ALICE, path: '/p?q', method: 'PUT', headers, body: Buffer.from('body') })
    const [asked] = get().platform.asked
    expect(asked).toMatchObject({
      method: 'GET',
      body: 0,
      question: { method: 'PUT', uri: '/p?q', upgrade: '', failed: '' },
      headers: { cookie: ['__Host-mos_session=s'], 'x-forwarded-for': ['127.0.0.1'] },
    })
    expect(asked?.headers).not.toHaveProperty('content-length')
  })

  it.each(['with length', 'chunked'])('keeps a body of 10 MB %s whole while the gate holds', async (way) => {
    const body = randomBytes(10_000_000)
    get().platform.decide = heldPass
    const sent = way === 'chunked' ? Readable.from(slices(body)) : body
    const echo = await get().echo({ method: 'POST', body: sent })
    expect(echo).toMatchObject({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    })
  })

  it('opens a WebSocket after the gate held it', async () => {
    const { platform } = get()
    platform.decide = heldPass
    const { socket, echo } = await get().socket()
    expect(await echo('hello')).toBe('hello')
    expect(platform.asked[0]?.question).toMatchObject({
      method: 'GET',
      uri: '/ws/chat',
      upgrade: 'websocket',
    })
    expect(platform.asked[0]?.headers).not.toHaveProperty('upgrade')
    socket.terminate()
  })

  it('hands a refusal of a WebSocket to the client', async () => {
    get().platform.decide = () => ({ status: 401, body: 'Sign in first.' })
    await expect(get().socket()).rejects.toThrow('status 401')
  })

  it.each(['GET', 'HEAD', 'WebSocket'])('asks again when nobody answers a %s', async (method) => {
    const { platform, instance } = get()
    const nobody = `127.0.0.1:${await freePort()}`
    platform.decide = ({ question }) => pass(question.failed === '1' ? instance.address : nobody)
    if (method === 'WebSocket') (await get().socket()).socket.terminate()
    else expect((await get().fetch({ host: ALICE, method })).status).toBe(200)
    expect(platform.asked.map(({ question }) => question.failed)).toEqual(['', '1'])
  })

  it('asks again for a POST that was never read, body and all', async () => {
    const { platform, instance } = get()
    const nobody = `127.0.0.1:${await freePort()}`
    platform.decide = ({ question }) => pass(question.failed === '1' ? instance.address : nobody)
    const body = randomBytes(2_000_000)
    const echo = await get().echo({ method: 'POST', body })
    expect(echo).toMatchObject({
      bytes: body.length,
      sha256: createHash('sha256').update(body).digest('hex'),
    })
  })

  it('says 503 with a time to retry when nobody answers the second time either', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    get().platform.decide = () => pass(nobody)
    const reply = await get().fetch({ host: ALICE })
    expect(reply.status).toBe(503)
    expect(reply.headers['retry-after']).toMatch(/^\d+$/)
    expect(reply.text).toContain('try again')
    expect(get().platform.asked).toHaveLength(2)
  })

  it('passes on what the gate says the second time', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    get().platform.decide = ({ question }) =>
      question.failed === '1' ? { status: 503, body: 'Waking up.' } : pass(nobody)
    expect(await get().fetch({ host: ALICE })).toMatchObject({ status: 503, text: 'Waking up.' })
  })

  it('notices at once that an instance moved to another address', async () => {
    await get().echo()
    await using moved = await startInstance()
    get().platform.decide = () => pass(moved.address)
    expect((await get().echo({ path: '/moved' })).url).toBe('/moved')
  })
}

function* slices(body: Buffer) {
  for (let i = 0; i < body.length; i += 100_000) yield body.subarray(i, i + 100_000)
}
