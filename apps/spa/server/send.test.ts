import { describe, expect, test } from 'vitest'
import type { Asset } from './assets.ts'
import { sendAsset } from './send.ts'

const FILM: Asset = {
  type: 'video/webm',
  etag: '"one"',
  immutable: true,
  body: new TextEncoder().encode('0123456789'),
  compressed: {},
}
const ask = (headers: Record<string, string>) => sendAsset(new Request('http://x/', { headers }), FILM)

describe('a film', () => {
  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
  ])('is given in the part that %s names', async (range, text, said) => {
    const answer = ask({ range })
    expect([answer.status, answer.headers.get('content-range'), await answer.text()]).toEqual([
      206,
      said,
      text,
    ])
  })

  test.each(['', 'bytes=-', 'bytes=0-1,4-5', 'lines=0-3'])('is given whole for "%s"', async (range) => {
    const answer = ask(range === '' ? {} : { range })
    expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, 'bytes'])
    expect(await answer.text()).toBe('0123456789')
  })

  test('is given whole when it has changed since', () => {
    expect(ask({ range: 'bytes=0-3', 'if-range': '"other"' }).status).toBe(200)
    expect(ask({ range: 'bytes=0-3', 'if-range': '"one"' }).status).toBe(206)
  })

  test('has no part behind its end', () => {
    const answer = ask({ range: 'bytes=10-' })
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })
})
