import { hostsOf } from '@matrixos/shared'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { createSpaApp } from './app.ts'
import type { Asset } from './assets.ts'
import type { Previews } from './previews.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const asset = (type: string, body: string, immutable: boolean): Asset => ({
  type,
  etag: '"tag"',
  immutable,
  body: bytes(body),
  compressed: immutable ? { br: bytes('br'), gzip: bytes('gz') } : {},
})

const PAGE =
  '<!--general--><title>Matrix OS</title><!--/general--><style nonce="__CSP_NONCE__"></style><meta name="instance-domain" content="__INSTANCE_DOMAIN__">'

const LANDING =
  '<style nonce="__CSP_NONCE__"></style><a href="__APP_ORIGIN__/login">__ADDRESS_SUFFIX__</a><p data-api="__API_ORIGIN__">'

const APP = 'https://app.matrix.example'

const nothing: Previews = async () => 'unknown'

function spa(publicUrl = 'https://matrix.example', previewOf = nothing) {
  let count = 0
  return createSpaApp({
    hosts: hostsOf(publicUrl, 'people.example'),
    isSingle: false,
    wellKnown: new Hono(),
    previewOf,
    nonce: () => `nonce${++count}`,
    assets: new Map([
      ['/index.html', asset('text/html; charset=utf-8', PAGE, false)],
      ['/landing.html', asset('text/html; charset=utf-8', LANDING, false)],
      ['/favicon.svg', asset('image/svg+xml', '<svg/>', false)],
      ['/assets/main-1a2b.js', asset('text/javascript', 'code', true)],
    ]),
  })
}

describe('pages', () => {
  const visit = (url: string) => spa().request(url, { headers: { accept: 'text/html,*/*' } })

  test('serves the landing page, which knows where everything is', async () => {
    const answer = await visit('https://matrix.example/')
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
    const text = await answer.text()
    expect(text).toContain('<a href="https://app.matrix.example/login">.people.example</a>')
    expect(text).toContain('<p data-api="https://api.matrix.example">')
    expect(text).not.toContain('__')
  })

  test('lets the form of the landing page lead to the sign-up page', async () => {
    const policy = (await visit('https://matrix.example/')).headers.get('content-security-policy')
    expect(policy).toContain("form-action 'self' https://app.matrix.example;")
  })

  test('serves profiles on both sites, to be drawn by their script', async () => {
    for (const origin of ['https://matrix.example', APP]) {
      const answer = await visit(`${origin}/@ada`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('content="people.example"')
      expect(answer.headers.get('content-security-policy')).toContain(
        "img-src 'self' data: https://api.matrix.example;",
      )
    }
  })

  test('says of a profile that is nobody’s that it is not there, to strangers alone', async () => {
    const app = spa(undefined, async () => 'nobody')
    expect((await app.request('https://matrix.example/@nobody')).status).toBe(404)
    expect((await app.request(`${APP}/@nobody`)).status).toBe(200)
  })

  test('shows in its head what a page is about, whatever people have written', async () => {
    const title = '"><script>__CSP_NONCE__ $& & Söhne'
    const page = spa(undefined, async (path, address) => ({
      ...{ type: 'profile', title, description: `${path} ${address}`, url: 'https://matrix.example/@ada' },
      imageUrl: null,
    }))
    const answer = await page.request('https://matrix.example/@ada', {
      headers: { 'x-forwarded-for': '192.0.2.7' },
    })
    const text = await answer.text()
    expect(text).toContain('<title>&quot;&gt;&lt;script&gt;__CSP_NONCE__ $&amp; &amp; Söhne</title>')
    expect(text).toContain('<meta property="og:description" content="/@ada 192.0.2.7" />')
    expect(text).not.toContain('Matrix OS</title>')
    expect(text).not.toContain('og:image')
  })

  test.each(['/', '/signup', '/login?next=/launch'].map((path) => APP + path))(
    'serves %s as a page',
    async (url) => {
      const answer = await visit(url)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(await answer.text()).toContain('content="people.example"')
    },
  )

  test.each([
    ...['/signup', '/landing.html', '/index.html'].map((path) => `https://matrix.example${path}`),
    ...['/some/thing', '//evil', '//evil.example', '/gone.png'].map((path) => APP + path),
  ])('serves %s as the document with status 404', async (url) => {
    const answer = await visit(url)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('content="people.example"')
  })

  test('gives each response its own nonce, in the page and in the policy', async () => {
    const app = spa()
    for (const nonce of ['nonce1', 'nonce2']) {
      const answer = await app.request('/')
      expect(answer.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(await answer.text()).toContain(`nonce="${nonce}"`)
    }
  })

  test('allows no inline script, no frame and no other origin but the api', async () => {
    const policy = (await spa().request('/')).headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("connect-src 'self' https://api.matrix.example;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })
})

describe('files', () => {
  test('lets hashed files be cached for good', async () => {
    const answer = await spa().request('/assets/main-1a2b.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(await answer.text()).toBe('br')
  })

  test('has other files revalidated each time, by entity tag', async () => {
    const fresh = await spa().request('/favicon.svg')
    expect(fresh.headers.get('cache-control')).toBe('no-cache')
    const again = await spa().request('/favicon.svg', { headers: { 'if-none-match': '"tag"' } })
    expect(again.status).toBe(304)
  })

  test.each(['/assets/gone-1234.js', '/missing.png', '/assets/deep/x', '/..%2f..%2fpackage.json'])(
    'responds to a missing file %s with 404, not the page',
    async (path) => {
      const answer = await spa().request(path)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('text/plain')
    },
  )

  test('responds to HEAD without a body', async () => {
    const answer = await spa().request('/assets/main-1a2b.js', { method: 'HEAD' })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
  })
})

test('sends the fixed headers with every response, and HSTS only on https', async () => {
  for (const path of ['/', '/favicon.svg', '/missing.png']) {
    const { headers } = await spa().request(path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
  }
  const plain = await spa('http://localhost:8080').request('/')
  expect(plain.headers.get('strict-transport-security')).toBeNull()
})

test('refuses request bodies', async () => {
  const answer = await spa().request('/', { method: 'POST' })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('GET, HEAD')
})
