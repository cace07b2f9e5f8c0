/** What a stranger gets of one person's own computer, who is first at it or comes later: nothing, wherever they knock. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { UpgradeRefused } from '@matrixos/testing/browser'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proceduresOf } from '../../apps/api/src/http/testing/procedures.ts'
import { type AppRouterOptions, createAppRouter } from '../../apps/api/src/router.ts'
import { claimCode } from '../support/claim.ts'
import { bootStack, type Stack } from '../support/stack.ts'

/** Only their declarations are looked at: nothing is called. */
const procedures = proceduresOf(createAppRouter({ administration: {}, social: {} } as AppRouterOptions))

const COMPUTER = [
  ...['/', '/index.html', '/sw.js', '/manifest.webmanifest', '/assets/index.js', '/health', '/favicon.svg'],
  ...['/api/me', '/api/shell', '/api/credits', '/api/trpc', '/api/files/list?path=', '/files/notes'],
  ...[
    '/api/files/content?path=system/soul.md',
    '/api/files/archive?path=',
    '/api/files/search?query=a&in=names',
  ],
  ...['/ws', '/ws/files', '/ws/terminal', '/trpc/auth.me', '/transfer/export', '/launch', '/login', '/admin'],
  ...['/.mos/dashboard', '/.mos/credits', '/%2e%2e/', '//api/me'],
]
const SOCKETS = ['/ws', '/ws/files', '/ws/terminal', '/']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']

describeReal([], 'a stranger at one person’s own computer', () => {
  let stack: Stack
  let stranger: PlatformClient
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', single: true })
    stranger = stack.client()
  })
  afterAll(() => stack?.[Symbol.asyncDispose]())

  const port = () => new URL(stack.url).port
  const get = (url: string, method = 'GET') =>
    stranger.browser.fetch(url, { method, redirect: 'manual', ...(/^P/.test(method) && { body: '{}' }) })
  /** The gate's own short cuts to the pages of signing in. */
  const leadsAway = (path: string, { headers }: Response) =>
    path.startsWith('/.mos/') && headers.get('location')?.startsWith(stack.hosts.appOrigin)

  /** Of every knock that was answered otherwise than it should be. */
  async function knocks(...refusals: number[]): Promise<string[]> {
    const wrong: string[] = []
    for (const path of COMPUTER) {
      for (const method of METHODS) {
        const answer = await get(`${stack.url}${path}`, method)
        const isRefused = refusals.includes(answer.status) || leadsAway(path, answer)
        if (!isRefused) wrong.push(`${method} ${path}: ${answer.status}`)
      }
    }
    for (const path of SOCKETS) {
      const opened = stranger.browser.websocket(`${stack.url.replace('http', 'ws')}${path}`)
      const error: unknown = await opened.then(
        (socket) => socket.terminate(),
        (reason: unknown) => reason,
      )
      if (!(error instanceof UpgradeRefused && refusals.includes(error.status)))
        wrong.push(`WebSocket ${path}`)
    }
    return wrong
  }

  /** By name, what a stranger is answered with success that is for somebody. */
  async function calls(): Promise<string[]> {
    const served: string[] = []
    for (const { path, type, access } of procedures) {
      if (access === 'public') continue
      const isWrite = type === 'mutation'
      for (const origin of [stack.hosts.appOrigin, stack.hosts.apiOrigin, stack.url]) {
        const answer = await stranger.browser.fetch(`${origin}/trpc/${path}`, {
          method: isWrite ? 'POST' : 'GET',
          headers: { 'x-mos': '1', 'content-type': 'application/json' },
          ...(isWrite && { body: '{}' }),
        })
        // A stream begins with success, and tells of its refusal in it.
        const text = await answer.text()
        const isRefused = type === 'subscription' && /^event: serialized-error$/m.test(text)
        if (answer.status < 400 && !isRefused) served.push(`${origin}/trpc/${path}: ${answer.status}`)
      }
    }
    return served
  }

  const elsewhere = () =>
    ['ada.localhost', 'www.localhost', 'app.app.localhost', 'localhost.evil.example', '127.0.0.1'].map(
      (host) => `http://${host}:${port()}/api/me`,
    )

  describe('who is first', () => {
    it('learns that nobody has claimed it, and reaches nothing of it', async () => {
      expect(await knocks(404)).toEqual([])
      const page = await stranger.browser.navigate(stack.url)
      expect(page.status).toBe(404)
      expect(await page.text()).toContain('This computer is not claimed yet')
    })

    it('may call nothing that is for somebody', async () => {
      expect(procedures.length).toBeGreaterThan(50)
      expect(await calls()).toEqual([])
      expect((await get(`${stack.hosts.appOrigin}/transfer/export`)).status).toBe(401)
      const csv = await get(`${stack.hosts.appOrigin}/credits.csv`)
      expect([csv.status, csv.headers.get('location')]).toEqual([302, '/login?next=%2Fsettings%2Fcredits'])
    })

    it('finds nothing at other names', async () => {
      for (const url of elsewhere()) expect([url, (await get(url)).status]).toEqual([url, 404])
    })

    it('makes no account, by either way, without the code', async () => {
      for (const invite of [undefined, '', '0000-0000-0000-0000-0000-0000']) {
        const wanted = { handle: 'mallory', ...(invite !== undefined && { invite }) }
        await expect(stranger.trpc.auth.registerPasskeyOptions.mutate(wanted)).rejects.toThrow()
        const password = 'a long and unlikely password'
        await expect(stranger.trpc.auth.registerTotpStart.mutate({ ...wanted, password })).rejects.toThrow()
      }
      expect(await stranger.trpc.stats.public.query()).toMatchObject({ instances: 0, signUp: 'invite' })
    })

    it('keeps nobody out who has the code, however often they guess', async () => {
      const guess = () =>
        stranger.trpc.auth.registerPasskeyOptions
          .mutate({ handle: 'mallory', invite: '0000-0000-0000-0000-0000-0000' })
          .catch((error: unknown) => String(error))
      let last = ''
      for (let tries = 0; tries < 80 && !/Too many wrong codes/.test(last); tries++)
        last = String(await guess())
      expect(last).toMatch(/Too many wrong codes from your network/)
      const owner = stack.client()
      const [authenticator, invite] = [createAuthenticator(), claimCode(stack)]
      await signUp({ client: owner, authenticator, handle: 'ada', invite })
      await waitUntilRunning(owner)
      await openInstance(owner, stack.url)
    })
  })

  describe('who comes later', () => {
    it('is asked to sign in, and reaches nothing of it', async () => {
      expect(await knocks(401, 404)).toEqual([])
      const page = await stranger.browser.navigate(stack.url)
      expect(page.finalUrl).toMatch(new RegExp(`^${stack.hosts.appOrigin}/`))
    })

    it('may call nothing that is for somebody, and finds nothing at other names', async () => {
      expect(await calls()).toEqual([])
      for (const url of elsewhere()) expect([url, (await get(url)).status]).toEqual([url, 404])
    })

    it('makes no account, not even with the code', async () => {
      const wanted = { handle: 'mallory', invite: claimCode(stack) }
      await expect(stranger.trpc.auth.registerPasskeyOptions.mutate(wanted)).rejects.toThrow()
      expect(await stranger.trpc.stats.public.query()).toEqual({ instances: 1, running: 1, signUp: 'closed' })
    })
  })
})
