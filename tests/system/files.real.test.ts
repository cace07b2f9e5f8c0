/** The files of a computer as its page reaches them: through edge and gate, on both ways to run. */
import { createHash, randomBytes } from 'node:crypto'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHUNK_BYTES, located, upload } from '../../apps/instance/src/files/api/protocol.ts'
import { FILES_API, REQUEST_HEADER } from '../../apps/instance/src/protocol.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const HANDLE = 'frances'
const BODY = randomBytes(CHUNK_BYTES)

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `files through edge and gate, ${name}`, () => {
    let stack: Stack
    let client: PlatformClient
    beforeAll(async () => {
      stack = await bootStack({ parts })
      client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
      await waitUntilRunning(client)
      await openInstance(client, stack.hosts.instanceOrigin(HANDLE))
    }, 240_000)
    afterAll(async () => await stack?.[Symbol.asyncDispose]())

    const ask = (method: string, path: string, body?: string | Uint8Array, init = {}) =>
      client.browser.fetch(`${stack.hosts.instanceOrigin(HANDLE)}${FILES_API}/${path}`, {
        method,
        headers: { [REQUEST_HEADER]: '1', 'if-none-match': '*' },
        ...(body === undefined ? {} : { body }),
        ...init,
      })
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

    it('writes, uploads, reads a part and throws away', async () => {
      const put = await ask('PUT', 'content?path=a%2Fb%0A.bin&folders=1', BODY)
      expect([put.status, located.parse(await put.json()).size]).toEqual([201, CHUNK_BYTES])
      const wanted = JSON.stringify({ path: 'film.bin', size: 2 * CHUNK_BYTES })
      const { id } = upload.parse(await (await ask('POST', 'uploads', wanted)).json())
      for (const offset of [0, CHUNK_BYTES]) {
        expect((await ask('PATCH', `uploads/${id}?offset=${offset}`, BODY)).status).toBe(200)
      }
      expect((await ask('POST', `uploads/${id}/finish`, '{}')).status).toBe(201)
      const headers = { range: `bytes=${CHUNK_BYTES}-` }
      const part = await ask('GET', 'content?path=film.bin', undefined, { headers })
      expect(part.status).toBe(206)
      expect(digest(new Uint8Array(await part.arrayBuffer()))).toBe(digest(BODY))
      expect((await ask('POST', 'trash', JSON.stringify({ paths: ['a'] }))).status).toBe(201)
      expect((await ask('DELETE', 'trash')).status).toBe(204)
      expect((await ask('GET', 'archive?path=notes')).headers.get('content-type')).toBe('application/zip')
    })

    it('lets no other site’s page change anything, whatever cookies go along', async () => {
      const from = stack.hosts.instanceOrigin('eve')
      const answer = await ask('POST', 'folder', JSON.stringify({ path: 'planted' }), { from })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect((await ask('GET', 'stat?path=planted')).status).toBe(404)
    })

    it('tells of changes over its WebSocket', async () => {
      const origin = stack.hosts.instanceOrigin(HANDLE).replace(/^http/, 'ws')
      const heard: unknown[] = []
      const socket = await client.browser.websocket(`${origin}/ws/files`, {
        prepare: (made) => made.on('message', (data) => heard.push(JSON.parse(String(data)))),
      })
      socket.send(JSON.stringify({ type: 'watch', paths: ['notes'] }))
      await expect.poll(() => heard).toContainEqual({ type: 'watching', refused: [] })
      await ask('PUT', 'content?path=notes%2Fnew.md', 'words')
      await expect.poll(() => heard).toContainEqual({ type: 'changed', path: 'notes' })
      socket.terminate()
    })
  })
}
