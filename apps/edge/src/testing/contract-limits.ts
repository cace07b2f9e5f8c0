/** Contract: what the platform takes in one request; instances take anything. */
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { LIMITS } from '../policy/limits.ts'
import type { Setup } from './setup.ts'

const HOSTS = [
  ['app.localhost', '/trpc/x'],
  ['app.localhost', '/'],
  ['api.localhost', '/trpc/x'],
  ['localhost', '/'],
  ['alice.localhost', '/.mos/x'],
] as const

const body = (bytes: number) => Buffer.alloc(bytes, 'x')

export function limitCases(get: () => Setup): void {
  it.each(HOSTS)('takes no more than its limit at %s%s', async (host, path) => {
    const most = body(LIMITS.platformBodyBytes)
    const more = body(LIMITS.platformBodyBytes + 1)
    const post = (sent: Buffer | Readable) => get().fetch({ host, path, method: 'POST', body: sent })
    expect(JSON.parse((await post(most)).text)).toMatchObject({ bytes: most.length })
    expect((await post(more)).status).toBe(413)
    expect((await post(Readable.from([more.subarray(0, 9), more.subarray(9)]))).status).toBe(413)
    expect((await get().fetch({ host, path })).status).toBe(200)
  })
}
