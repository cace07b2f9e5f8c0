/** The rooms of a computer as its page, and as others, reach them: through edge and gate, on both ways to run. */
import { createHash, randomBytes } from 'node:crypto'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { UpgradeRefused } from '@matrixos/testing/browser'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CHUNK_BYTES, located, upload } from '../../apps/instance/src/files/api/protocol.ts'
import { FILES_API, REQUEST_HEADER } from '../../apps/instance/src/protocol.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const HANDLE = 'frances'
const VIEWER = 'vera-who-looks'
const BODY = randomBytes(CHUNK_BYTES)

/** What reads or changes something of the owner's, of every room. */
const OWNERS = [
  ['GET', '/api/shell'],
  ['PUT', '/api/shell', '{"hasStarted":true}'],
  ['GET', '/api/about'],
  ['GET', '/api/push'],
  ['PUT', '/api/push', '{"endpoint":"https://push.example.net/x","keys":{"p256dh":"abc","auth":"abc"}}'],
  ['DELETE', '/api/push', '{"endpoint":"https://push.example.net/x"}'],
  ['POST', '/api/push/test', '{}'],
  ['PUT', `${FILES_API}/content?path=planted`, 'x'],
  ['POST', `${FILES_API}/folder`, '{"path":"planted"}'],
  ['POST', `${FILES_API}/move`, '{"from":"notes","to":"planted"}'],
  ['POST', `${FILES_API}/trash`, '{"paths":["notes"]}'],
  ['POST', `${FILES_API}/delete`, '{"paths":["notes"]}'],
  ['GET', `${FILES_API}/trash`],
  ['DELETE', `${FILES_API}/trash`],
  ['POST', `${FILES_API}/uploads`, '{"path":"planted","size":1}'],
  ['GET', `${FILES_API}/content?path=system%2Fshell.json`],
  ['GET', `${FILES_API}/content?path=notes%2Fpad.md`],
] as const
/** What only reads, and what a viewer may read too. */
const READ = ['list?path=', 'search?query=a', 'archive?path=', 'content?path=README.md'] as const
const SOCKETS = [
  '/ws/files',
  '/ws/shell',
  '/ws/notes',
  '/ws/console',
  '/ws/terminal?page=page-of-a-test',
] as const
const FORGED = {
  'x-mos-role': 'owner',
  'x-mos-user': HANDLE,
  'x-mos-permissions': 'notes',
  'x-platform-user-id': HANDLE,
  'x-platform-verified': 'a'.repeat(64),
  authorization: 'Bearer guessed',
  'x-forwarded-for': '127.0.0.1',
  'x-original-url': '/',
  'x-http-method-override': 'GET',
}

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

    const everything = [...OWNERS, ...READ.map((path) => ['GET', `${FILES_API}/${path}`] as const)]
    const statusOf = async (
      by: PlatformClient,
      [method, path, body]: readonly [string, string, string?],
      { from, headers = {} }: { from?: string; headers?: Record<string, string> } = {},
    ) => {
      const answer = await by.browser.fetch(`${stack.hosts.instanceOrigin(HANDLE)}${path}`, {
        method,
        headers: {
          [REQUEST_HEADER]: '1',
          ...(method === 'GET' ? {} : { 'if-none-match': '*' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        ...(from === undefined ? {} : { from }),
      })
      await answer.arrayBuffer()
      return answer.status
    }
    const upgradeOf = (
      by: PlatformClient,
      path: string,
      init: { from?: string; headers?: Record<string, string> },
    ) =>
      by.browser.websocket(`${stack.hosts.instanceOrigin(HANDLE).replace(/^http/, 'ws')}${path}`, init).then(
        (socket) => {
          socket.terminate()
          return 101
        },
        (error: unknown) => (error instanceof UpgradeRefused ? error.status : Promise.reject(error)),
      )
    const untouched = async () => {
      expect((await ask('GET', 'stat?path=planted')).status).toBe(404)
      expect((await ask('GET', 'stat?path=notes')).status).toBe(200)
    }

    it('opens nothing to a page of another site, whatever cookies go along', async () => {
      const { instanceOrigin, appOrigin } = stack.hosts
      for (const from of [
        instanceOrigin('eve'),
        instanceOrigin(`x${HANDLE}`),
        appOrigin,
        'https://example.org',
      ]) {
        for (const one of everything)
          expect(await statusOf(client, one, { from }), `${one} ${from}`).toBe(403)
        for (const path of SOCKETS) expect(await upgradeOf(client, path, { from }), path).toBe(403)
      }
      expect(await upgradeOf(client, '/ws/files', { headers: { origin: 'null' } })).toBe(403)
      await untouched()
    })

    it('takes nobody for its owner, whatever they say that they are', async () => {
      const viewer = stack.client()
      await signUp({ client: viewer, authenticator: createAuthenticator(), handle: VIEWER })
      for (const headers of [{}, FORGED]) {
        for (const one of everything) {
          expect([401, 403], `${one}`).toContain(await statusOf(viewer, one, { headers }))
        }
        for (const path of SOCKETS)
          expect([401, 403], path).toContain(await upgradeOf(viewer, path, { headers }))
      }
      // There is something to keep from them.
      expect(await statusOf(client, ['PUT', '/api/shell', '{"hasStarted":true}'])).toBe(200)
      const { id: instanceId } = await client.trpc.tenants.mine.query()
      await client.trpc.sharing.add.mutate({ instanceId, handle: VIEWER, canUseNotes: false })
      await openInstance(viewer, stack.hosts.instanceOrigin(HANDLE))
      for (const headers of [{}, FORGED]) {
        for (const one of OWNERS) expect(await statusOf(viewer, one, { headers }), `${one}`).toBe(403)
        for (const path of READ) {
          expect(await statusOf(viewer, ['GET', `${FILES_API}/${path}`], { headers }), path).toBe(200)
        }
        const opened = await Promise.all(SOCKETS.map((path) => upgradeOf(viewer, path, { headers })))
        // A view of the files, of who is here, and the console that only reads.
        expect(opened).toEqual([101, 101, 404, 101, 404])
      }
      await untouched()
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
