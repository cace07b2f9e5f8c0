import { readFileSync } from 'node:fs'
import { hostsOf, STEPS } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { WAITS_FOR_MEMORY } from '../tenants/reconcile/admission.ts'
import { readCheckRequest } from './check-request.ts'
import { createCheckResponses } from './check-response.ts'
import { PALETTE } from './page-style.ts'
import type { Progress } from './progress.ts'
import { progressPage } from './progress-page.ts'

const hosts = hostsOf('http://localhost:8080')
const responses = createCheckResponses({ hosts, clock: systemClock, lineOf: () => null })
const visit = (host: string) =>
  readCheckRequest({ host, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, hosts)

describe('the page of an unknown host', () => {
  it('offers an available name, and carries it to sign-up', () => {
    const { status, body } = responses.unknown(visit('nobody123.localhost:8080'), 'nobody123', true)
    expect(status).toBe(404)
    expect(body).toContain('<h1>nobody123 is unclaimed</h1>')
    expect(body).toContain('href="http://app.localhost:8080/signup?handle=nobody123">Claim nobody123</a>')
    expect(body).toContain('nobody123.localhost:8080')
  })

  it.each([['admin'], ['7up'], [null]])('does not offer %s', (handle) => {
    const { status, body } = responses.unknown(visit('x.localhost'), handle, false)
    expect(status).toBe(404)
    expect(body).toContain('<h1>Page not found</h1>')
    expect(body).not.toMatch(/claim|signup/i)
  })
})

describe('the waiting page', () => {
  const now: Progress = { ready: false, observed: 'starting', step: 'health', isFirstStart: false }
  const made = (more: Partial<Progress>) =>
    progressPage({
      ...{ handle: 'ada', now: { ...now, ...more }, steps: STEPS, dashboard: '/', nonce: 'n' },
      framedBy: null,
    }).body

  it('says what happens: a wake or a first start', () => {
    expect(made({})).toContain('<h1>Waking ada</h1>')
    expect(made({ isFirstStart: true })).toContain('<h1>Setting up ada</h1>')
  })

  it('says that a start failed, with what was printed folded away and escaped', () => {
    const detail = '{"msg":"<script>alert(1)</script>"}'
    const body = made({
      error: { code: 'instance_unhealthy', message: 'It stopped while starting.', detail },
    })
    expect(body).toContain('<h1>ada could not be started</h1>')
    expect(body).toContain('It stopped while starting. Your files are safe.')
    expect(body).not.toContain('<title>Waking')
    expect(body).not.toContain('<script>alert')
    expect(body).toContain('<details><summary>Details</summary><pre>{&quot;msg&quot;')
  })

  it('says that a computer waits for room, which is no failure', () => {
    const body = made({ error: WAITS_FOR_MEMORY })
    expect(body).toContain('<h1>ada is waiting for room</h1>')
    expect(body).toContain('<main data-state="busy"')
    expect(body).toContain(`<p role="status">${WAITS_FOR_MEMORY.message}</p>`)
  })

  it('says once that files are safe', () => {
    const message = 'None of them runs. Your files are safe. It starts again later.'
    expect(made({ error: { code: 'isolation_broken', message } })).toContain(
      `<p role="status">${message}</p>`,
    )
  })
})

it('uses the palette of the other pages', () => {
  const styles = readFileSync(new URL('../../../spa/src/styles.css', import.meta.url), 'utf8')
  for (const [name, values] of Object.entries(PALETTE)) {
    const theirs = [...styles.matchAll(new RegExp(`--${name}: ([^;]+);`, 'g'))].map(([, value]) => value)
    expect(theirs.slice(0, 2), name).toEqual([...values])
  }
})
