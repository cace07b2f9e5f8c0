/** Contract: a service that takes a request and says nothing does not hold its visitor; an instance may. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { LIMITS } from '../policy/limits.ts'
import { UNAVAILABLE_PAGE } from '../policy/pages.ts'
import { UNAVAILABLE } from '../policy/texts.ts'
import { pass } from './gate.ts'
import { startServer } from './servers.ts'
import { ALICE, type Setup, type StartEdge, setUp } from './setup.ts'

const SERVICES = [
  ['app.localhost', '/trpc/silent'],
  ['app.localhost', '/silent'],
  ['api.localhost', '/silent'],
  ['localhost', '/silent'],
  [ALICE, '/.mos/silent'],
] as const

const REFUSED = { status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) }, text: UNAVAILABLE }

export function silenceCases(start: StartEdge): void {
  let setup: Setup
  beforeAll(async () => {
    setup = await setUp(start, { limits: { ...LIMITS, platformAnswerMs: 300, platformRequestMs: 1000 } })
  })
  beforeEach(() => {
    setup.platform.decide = () => pass(setup.instance.address, { user: 'alice' })
  })
  afterAll(() => setup[Symbol.asyncDispose]())

  it.each(SERVICES)('says 503 when nobody answers at %s%s', async (host, path) => {
    expect(await setup.fetch({ host, path })).toMatchObject(REFUSED)
    const body = Buffer.from('question')
    expect(await setup.fetch({ host, path, method: 'POST', body })).toMatchObject(REFUSED)
  })

  it('says 503 when the gate does not answer', async () => {
    setup.platform.decide = () => new Promise(() => {})
    expect(await setup.fetch({ host: ALICE })).toMatchObject(REFUSED)
  })

  it.each([
    { accept: 'text/html,*/*;q=0.8' },
    { accept: '*/*', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ])('shows a person a page that loads itself again: %o', async (headers) => {
    setup.platform.decide = () => new Promise(() => {})
    const page = await setup.fetch({ host: ALICE, headers })
    expect(page).toMatchObject({ ...REFUSED, text: UNAVAILABLE_PAGE.body })
    const script = /<script>(.*)<\/script>/s.exec(page.text)?.[1] ?? ''
    expect(script).toContain('location.reload()')
    const hash = createHash('sha256').update(script).digest('base64')
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining(`script-src 'sha256-${hash}'`),
    })
    // Nothing but itself: whatever it named would not answer either.
    expect(page.text).not.toMatch(/ src=|<link|url\(/)
  })

  it.each([
    ['GET', { accept: 'text/html', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['GET', { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['POST', { accept: 'text/html' }],
  ])('tells a program in a line: %s %o', async (method, headers) => {
    setup.platform.decide = () => new Promise(() => {})
    expect(await setup.fetch({ host: ALICE, method, headers })).toMatchObject(REFUSED)
  })

  it('lets a service go on with an answer that it has begun', async () => {
    const response = await setup.open({ host: 'app.localhost', path: '/trpc/stream' })
    await setup.fetch({ host: 'localhost', path: '/silent' })
    setup.platform.finishStreams()
    expect((await response.toArray()).join('')).toBe('firstlast')
  })

  it('waits for an instance as long as it likes', async () => {
    const answer = Promise.withResolvers<void>()
    await using instance = await startServer((_, response) => void answer.promise.then(() => response.end()))
    setup.platform.decide = () => pass(instance.address)
    const waiting = setup.fetch({ host: ALICE })
    // Longer than any service may take.
    await setup.fetch({ host: 'localhost', path: '/silent' })
    await setup.fetch({ host: 'localhost', path: '/silent' })
    answer.resolve()
    expect((await waiting).status).toBe(200)
  })
}
