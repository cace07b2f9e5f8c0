import { randomBytes } from 'node:crypto'
import http from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { ERRORS, hostsOf } from '@matrixos/shared'
import { initTRPC, TRPCError, tracked } from '@trpc/server'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { chromium } from 'playwright-core'
import { z } from 'zod'
import { createSpaApp } from './server/app.ts'
import { loadAssets } from './server/assets.ts'

const PORT = 9123
const state: any = {
  me: null,
  view: null,
  stream: true,
  statsDown: false,
  calls: [],
  stepUp: false,
  deny: null,
}
class AE extends Error {
  body: any
  constructor(body: any) {
    super(body.message)
    this.body = body
  }
}
const t = initTRPC.create({
  errorFormatter: ({ shape, error }) => ({
    ...shape,
    data: { ...shape.data, error: (error.cause as any)?.body ?? { code: 'internal', message: 'x' } },
  }),
})
const fail = (code: keyof typeof ERRORS, message: string, retryAfterS?: number): never => {
  throw new TRPCError({
    code: ERRORS[code].trpc,
    message,
    cause: new AE({ code, message, ...(retryAfterS !== undefined && { retryAfterS }) }),
  })
}
const p = t.procedure
const need = () => state.me ?? fail('unauthorized', 'You are signed out.')
const listeners = new Set<() => void>()
let version = 1
const setView = (v: any) => {
  state.view = v && { ...state.view, ...v }
  version++
  for (const l of listeners) l()
}
const any = z.any()
const router = t.router({
  stats: t.router({
    public: p.query(() => (state.statsDown ? fail('database_unavailable', 'down') : state.stats)),
  }),
  auth: t.router({
    me: p.query(() => {
      state.calls.push('me')
      return need()
    }),
    refresh: p.mutation(() => {
      state.calls.push('refresh')
      return fail('unauthorized', 'no')
    }),
    handleAvailability: p
      .input(any)
      .query(({ input }) => ({
        handle: input.handle,
        status: input.handle === 'taken' ? 'taken' : 'ok',
        message: input.handle === 'taken' ? 'This name is taken. Please choose another one.' : 'free',
      })),
    registerTotpStart: p
      .input(any)
      .mutation(() =>
        state.deny
          ? fail('too_many_requests', 'Too many attempts from here.', 95)
          : {
              challengeId: 'chl_x',
              secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
              otpauthUrl:
                'otpauth://totp/Matrix%20OS:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Matrix%20OS',
            },
      ),
    registerTotp: p
      .input(any)
      .mutation(({ input }) =>
        input.code === '111111'
          ? (state.me = user)
          : fail('credential_refused', 'That code is not right. Wait for the next one and try again.'),
      ),
    loginTotp: p
      .input(any)
      .mutation(({ input }) =>
        input.code === '111111'
          ? (state.me = user)
          : fail('credential_refused', 'Handle, password or code is wrong.'),
      ),
    loginPasskeyOptions: p.mutation(() => ({
      challengeId: 'chl_1',
      options: {
        challenge: randomBytes(32).toString('base64url'),
        rpId: 'app.localhost',
        userVerification: 'required',
        timeout: 300000,
      },
    })),
    loginPasskey: p.input(any).mutation(() => (state.me = user)),
    registerPasskeyOptions: p
      .input(any)
      .mutation(({ input }) =>
        input.handle === 'gone-now'
          ? fail('handle_taken', 'Somebody just took this name. Please choose another one.')
          : {
              challengeId: 'chl_1',
              options: {
                challenge: randomBytes(32).toString('base64url'),
                rp: { id: 'app.localhost', name: 'Matrix OS' },
                user: { id: randomBytes(32).toString('base64url'), name: 'ada', displayName: 'ada' },
                pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
                authenticatorSelection: {
                  residentKey: 'required',
                  requireResidentKey: true,
                  userVerification: 'required',
                },
                timeout: 300000,
              },
            },
      ),
    registerPasskey: p.input(any).mutation(() => {
      state.view = view({ observed: 'creating', step: 'home' })
      return (state.me = user)
    }),
    logout: p.mutation(() => {
      state.me = null
      return { ok: true }
    }),
    logoutEverywhere: p.mutation(() => {
      state.me = null
      return { sessions: 3 }
    }),
  }),
  tenants: t.router({
    mine: p.query(async () => {
      need()
      if (state.hang) await new Promise(() => {})
      return state.view ?? fail('not_found', 'No instance.')
    }),
    watch: p.input(any).subscription(async function* ({ signal }) {
      need()
      let seen = 0
      while (!signal!.aborted) {
        if (seen !== version) {
          seen = version
          yield tracked(String(version), state.view)
        }
        await new Promise<void>((r) => {
          listeners.add(r)
          signal!.addEventListener('abort', () => r())
        })
      }
    }),
    wake: p.mutation(async () => { need();
      await new Promise((r) => setTimeout(r, 300))
      setView({ desired: 'awake', observed: 'starting', step: 'start', error: null })
      return state.view
    }),
    sleep: p.mutation(() => {
      setView({ desired: 'asleep', observed: 'stopping' })
      return state.view
    }),
    delete: p
      .input(any)
      .mutation(() => (state.stepUp ? fail('step_up_required', 'Sign in again first.') : { ok: true })),
  }),
})
const ago = (s: number) => new Date(Date.now() - s * 1000).toISOString()
const user = { handle: 'ada', displayName: 'ada', createdAt: ago(86400 * 3), signInMethods: ['passkey'] }
const view = (o: any = {}) => ({
  handle: 'ada',
  url: `http://ada.localhost:${PORT}`,
  desired: 'awake',
  observed: 'running',
  step: null,
  error: null,
  nextAttemptAt: null,
  lastUsedAt: ago(7300),
  createdAt: ago(86400 * 3),
  isolation: 'container',
  idleLimitS: 1800,
  ...o,
})
const spa = getRequestListener(
  createSpaApp({
    assets: loadAssets(new URL('./dist', import.meta.url).pathname),
    hosts: hostsOf(`http://localhost:${PORT}`),
    nonce: () => randomBytes(12).toString('base64url'),
  }).fetch,
)
const trpcH = createHTTPHandler({ router, basePath: '/trpc/' })
const sockets = new Set<any>()
const server = http
  .createServer((q, r) => {
    if (q.url!.startsWith('/trpc')) {
      if (state.apiDown) {
        q.socket.destroy()
        return
      }
      if (q.headers.host!.startsWith('api.')) r.setHeader('access-control-allow-origin', '*')
      if (q.headers.accept?.includes('event-stream')) {
        if (!state.stream) {
          q.socket.destroy()
          return
        }
        sockets.add(q.socket)
      } else if (q.headers.host!.startsWith('app.') && q.headers['x-mos'] !== '1')
        console.log('NO x-mos', q.url)
      return void trpcH(q, r)
    }
    if (q.headers.host!.startsWith('ada.')) {
      r.end('<h1>shell</h1>')
      return
    }
    return void spa(q, r)
  })
  .listen(PORT)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  ),
})
const ONLY = process.argv[2]
const modes = [
  ['d-light', 1280, 800, 'light'],
  ['d-dark', 1280, 800, 'dark'],
  ['p-light', 390, 844, 'light'],
  ['p-dark', 390, 844, 'dark'],
] as const
const APP = `http://app.localhost:${PORT}`
type Scene = [string, () => void, string, ((page: any) => Promise<void>)?]
const scenes: Scene[] = [
  [
    'landing',
    () => {
      state.stats = { running: 37, instances: 120 }
      state.statsDown = false
    },
    `http://localhost:${PORT}/`,
  ],
  [
    'landing-down',
    () => {
      state.statsDown = true
    },
    `http://localhost:${PORT}/`,
    async (pg) => {
      await pg.locator('#live').scrollIntoViewIfNeeded()
    },
  ],
  ['landing-404', () => {}, `http://localhost:${PORT}/nope`],
  ['app-404', () => {}, `${APP}/nope/x`],
  [
    'login',
    () => {
      state.me = null
    },
    `${APP}/login`,
  ],
  [
    'login-wrong',
    () => {
      state.me = null
    },
    `${APP}/login`,
    async (pg) => {
      await pg.getByLabel('Handle').fill('ada')
      await pg.getByLabel('Password', { exact: true }).fill('abc')
      await pg.getByLabel('6-digit code').fill('222222')
      await pg.keyboard.press('Enter')
      await pg.getByRole('alert').waitFor()
    },
  ],
  [
    'login-again',
    () => {
      state.me = user
      state.view = view()
    },
    `${APP}/login?again=delete`,
  ],
  [
    'signup',
    () => {
      state.me = null
    },
    `${APP}/signup`,
  ],
  [
    'signup-ok',
    () => {},
    `${APP}/signup`,
    async (pg) => {
      await pg.getByLabel('Handle').fill('Ada')
      await pg.getByText('is free').waitFor()
    },
  ],
  [
    'signup-taken',
    () => {},
    `${APP}/signup`,
    async (pg) => {
      await pg.getByLabel('Handle').fill('taken')
      await pg.getByText('is taken').waitFor()
    },
  ],
  [
    'signup-race',
    () => {},
    `${APP}/signup?handle=gone-now`,
    async (pg) => {
      await pg.getByRole('button', { name: 'Create passkey' }).click()
      await pg.getByText('just took').waitFor()
    },
  ],
  [
    'signup-cancel',
    () => {},
    `${APP}/signup?handle=ada`,
    async (pg) => {
      await pg.evaluate(() => {
        ;(navigator.credentials as any).create = () =>
          Promise.reject(new DOMException('no', 'NotAllowedError'))
      })
      await pg.getByRole('button', { name: 'Create passkey' }).click()
      await pg.getByRole('alert').waitFor()
    },
  ],
  [
    'signup-password',
    () => {},
    `${APP}/signup?handle=ada`,
    async (pg) => {
      await pg.getByRole('button', { name: 'Use a password' }).click()
      await pg.getByLabel('Password', { exact: true }).fill('correct horse')
    },
  ],
  [
    'signup-429',
    () => {
      state.deny = true
    },
    `${APP}/signup?handle=ada`,
    async (pg) => {
      await pg.getByRole('button', { name: 'Use a password' }).click()
      await pg.getByLabel('Password', { exact: true }).fill('correct horse')
      await pg.keyboard.press('Enter')
      await pg.getByRole('alert').waitFor()
      state.deny = null
    },
  ],
  [
    'signup-qr',
    () => {
      state.deny = null
    },
    `${APP}/signup?handle=ada`,
    async (pg) => {
      await pg.getByRole('button', { name: 'Use a password' }).click()
      await pg.getByLabel('Password', { exact: true }).fill('correct horse')
      await pg.keyboard.press('Enter')
      await pg.getByRole('img', { name: /QR/ }).waitFor()
      await pg.getByLabel('6-digit code').fill('333333')
      await pg.keyboard.press('Enter')
      await pg.getByText('not right').waitFor()
    },
  ],
  [
    'first-start',
    () => {
      state.me = user
      state.view = view({ observed: 'creating', step: 'container' })
    },
    `${APP}/`,
  ],
  [
    'first-fail',
    () => {
      state.me = user
      state.view = view({
        observed: 'creating',
        step: 'container',
        error: {
          code: 'image_missing',
          message: 'The image matrixos-instance:latest is not on this server. An administrator can add it.',
        },
        nextAttemptAt: new Date(Date.now() + 42000).toISOString(),
      })
    },
    `${APP}/`,
  ],
  [
    'dash-awake',
    () => {
      state.me = user
      state.view = view()
    },
    `${APP}/`,
  ],
  [
    'dash-asleep',
    () => {
      state.view = view({ observed: 'stopped', desired: 'asleep', isolation: 'none' })
    },
    `${APP}/`,
  ],
  [
    'dash-waking',
    () => {
      state.view = view({ observed: 'starting', step: 'health' })
    },
    `${APP}/`,
  ],
  [
    'dash-failed',
    () => {
      state.view = view({
        observed: 'failed',
        error: { code: 'engine_down', message: 'Docker does not answer on this server.' },
        nextAttemptAt: new Date(Date.now() + 9000).toISOString(),
      })
    },
    `${APP}/`,
  ],
  [
    'dash-reconnect',
    () => {
      state.view = view()
    },
    `${APP}/`,
    async (pg) => {
      await pg.getByText('Awake').waitFor()
      state.stream = false
      for (const s of sockets) s.destroy()
      await pg.getByText('reconnecting').waitFor()
      state.stream = true
    },
  ],
  [
    'dash-menu',
    () => {
      state.view = view()
    },
    `${APP}/`,
    async (pg) => {
      await pg.getByRole('button', { name: 'ada' }).click()
      await pg.getByRole('menuitem', { name: 'Sign out everywhere' }).waitFor()
    },
  ],
  [
    'dash-everywhere',
    () => {},
    `${APP}/`,
    async (pg) => {
      await pg.getByRole('button', { name: 'ada' }).click()
      await pg.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
      await pg.getByRole('dialog').waitFor()
    },
  ],
  [
    'dash-delete',
    () => {},
    `${APP}/?delete`,
    async (pg) => {
      await pg.getByLabel('Type ada').fill('ad')
    },
  ],
  [
    'dash-error',
    () => {
      state.view = null
    },
    `${APP}/`,
  ],
  [
    'dash-loading',
    () => {
      state.hang = true
    },
    `${APP}/`,
  ],
  [
    'goodbye',
    () => {
      state.hang = false
      state.me = null
    },
    `${APP}/goodbye`,
  ],
  [
    'unreachable',
    () => {
      state.apiDown = true
    },
    `${APP}/`,
    async (pg) => {
      await pg.getByText('No answer').waitFor()
    },
  ],
  [
    'offline',
    () => {
      state.apiDown = false
      state.me = user
      state.view = view()
    },
    `${APP}/`,
    async (pg) => {
      await pg.getByText('Awake').waitFor()
      await pg.context().setOffline(true)
      await pg.getByRole('button', { name: 'Sleep' }).click()
      await pg.getByText('cannot be reached').waitFor()
    },
  ],
]
for (const [mode, width, height, scheme] of modes) {
  for (const [name, prepare, url, act] of scenes) {
    if (ONLY && !new RegExp(ONLY).test(`${name}.${mode}`)) continue
    prepare()
    const ctx = await browser.newContext({
      viewport: { width, height },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    })
    const page = await ctx.newPage()
    page.on('console', (m) => {
      if (['error', 'warning'].includes(m.type()) && !/Failed to load resource|net::ERR/.test(m.text()))
        console.log(name, mode, m.type(), m.text().slice(0, 300))
    })
    page.on('pageerror', (e) => console.log(name, mode, 'PAGEERROR', e.message))
    await page.goto(url)
    try {
      if (act) await act(page)
    } catch (e) {
      console.log(name, mode, 'ACT', String(e).slice(0, 200))
    }
    await page.waitForTimeout(500)
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (over > 0) console.log(name, mode, 'OVERFLOW', over)
    await page.screenshot({
      path: `/tmp/shots/${name}.${mode}.png`,
      fullPage: !/delete|everywhere|menu/.test(name),
    })
    await ctx.setOffline(false)
    await ctx.close()
    state.stream = true
    state.apiDown = false
  }
}
await browser.close()
server.closeAllConnections()
process.exit(0)
