/** The client against a small stand-in for the platform: real HTTP, real ceremonies, no database. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { logIn, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { initTRPC, tracked } from '@trpc/server'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import { describe, expect, it } from 'vitest'
import {
  loginOptions,
  registrationOptions,
  type VerifiedPasskey,
  verifyLogin,
  verifyRegistration,
} from '../../../apps/api/src/auth/passkeys/webauthn.ts'
import { createPlatformClient, openInstance } from './platform-client.ts'

interface Context {
  xMos: string | undefined
  origin: string | undefined
  cookie: string
  setCookie: (value: string) => void
}

function standIn(origin: string, states: string[]) {
  const { router, procedure } = initTRPC.context<Context>().create()
  const rp = { id: 'app.localhost', name: 'Matrix OS' }
  const checked = procedure.use(({ ctx, next, type }) => {
    const own = type === 'subscription' || (ctx.xMos === '1' && (type === 'query' || ctx.origin === origin))
    if (!own) throw new Error('Refused')
    return next()
  })
  const any = checked.input((value): { response: never } => value as never)
  let challenge = ''
  let passkey: VerifiedPasskey | undefined
  const expectation = () => ({ expectedChallenge: challenge, origin, rpId: rp.id })
  return router({
    auth: router({
      registerPasskeyOptions: checked.mutation(async () => {
        const userId = new Uint8Array(64)
        const options = await registrationOptions({ rp, userId, handle: 'alice', excludeCredentialIds: [] })
        challenge = options.challenge
        return { challengeId: 'chl_1', options }
      }),
      registerPasskey: any.mutation(async ({ ctx, input: { response } }) => {
        passkey = await verifyRegistration({ response, ...expectation() })
        ctx.setCookie('__Host-mos_sid=s1; Path=/; Secure; HttpOnly; SameSite=Lax')
        return { handle: 'alice' }
      }),
      loginPasskeyOptions: checked.mutation(async () => {
        const options = await loginOptions({ rpId: rp.id })
        challenge = options.challenge
        return { challengeId: 'chl_2', options }
      }),
      loginPasskey: any.mutation(async ({ input: { response } }) => {
        if (!passkey) throw new Error('Nobody signed up.')
        await verifyLogin({ response, credential: passkey, ...expectation() })
        return { handle: 'alice' }
      }),
    }),
    tenants: router({
      mine: checked.query(() => ({ id: 'ins_00000000000000000000000000' })),
      watch: checked.subscription(async function* ({ ctx, signal }) {
        if (!ctx.cookie.includes('__Host-mos_sid=s1')) throw new Error('Signed out')
        for (const [at, observed] of states.entries()) yield tracked(String(at), { observed })
        if (signal) await once(signal, 'abort')
      }),
    }),
  })
}

async function setUp(states: string[] = []) {
  let wakes = 2
  const server = createServer((request, response) => {
    const { host = '', 'x-mos': xMos, origin, cookie = '' } = request.headers
    if (host.startsWith('alice.')) {
      if (wakes-- > 0) return void response.writeHead(503, { 'retry-after': '0' }).end('waking')
      return void response.end('hello')
    }
    if (host.startsWith('bob.')) return void response.writeHead(302, { location: `${appOrigin}/login` }).end()
    if (!request.url?.startsWith('/trpc/')) return void response.end('log in')
    const setCookie = (value: string) => void response.setHeader('set-cookie', value)
    void nodeHTTPRequestHandler({
      router,
      path: request.url.slice('/trpc/'.length).split('?', 1)[0] ?? '',
      req: request,
      res: response,
      createContext: () => ({ xMos: xMos?.toString(), origin, cookie, setCookie }),
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const publicUrl = `http://localhost:${port}`
  const appOrigin = `http://app.localhost:${port}`
  const router = standIn(appOrigin, states)
  const client = createPlatformClient({ publicUrl })
  const dispose = async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  }
  return { client, authenticator: createAuthenticator(), [Symbol.asyncDispose]: dispose }
}

describe('a platform client', () => {
  it('signs up and logs in through the real ceremonies, and keeps the cookie', async () => {
    await using stack = await setUp()
    expect(await signUp({ ...stack, handle: 'alice' })).toEqual({ handle: 'alice' })
    expect(stack.client.browser.jar.get('app.localhost', '__Host-mos_sid')?.value).toBe('s1')
    expect(await logIn(stack)).toEqual({ handle: 'alice' })
  })

  it('waits for the instance over the subscription', async () => {
    await using stack = await setUp(['creating', 'starting', 'running'])
    await signUp({ ...stack, handle: 'alice' })
    expect(await waitUntilRunning(stack.client)).toEqual({ observed: 'running' })
  })

  it('tells what it saw last when the instance does not run', async () => {
    await using stack = await setUp(['creating', 'failed'])
    await signUp({ ...stack, handle: 'alice' })
    await expect(waitUntilRunning(stack.client, 300)).rejects.toThrow(/300 ms.*failed/)
  })

  it('asks again while the instance wakes', async () => {
    await using stack = await setUp()
    const response = await openInstance(stack.client, stack.client.hosts.instanceOrigin('alice'))
    expect(await response.text()).toBe('hello')
  })

  it('takes no log-in page for the instance', async () => {
    await using stack = await setUp()
    const attempt = openInstance(stack.client, stack.client.hosts.instanceOrigin('bob'))
    await expect(attempt).rejects.toThrow(/Expected 200 .* 302 .* 200 .*\/login/)
  })
})
