/** Contract: cookies that an instance's page can set for all of its registrable domain, and what they do to others. */
import { expect, it } from 'vitest'
import { TOO_MANY_COOKIES } from '../policy/too-many-cookies.ts'
import type { Echo } from './instance.ts'
import { ALICE, type Setup } from './setup.ts'

const SERVICES = [
  ['app.localhost', '/trpc/x'],
  ['app.localhost', '/'],
  ['api.localhost', '/trpc/x'],
  ['localhost', '/'],
  [ALICE, '/.mos/x'],
] as const

const CASES = [
  ['a=1; __Host-mos_sid=s; b="2 3"; __Host-mos_rt=r; c', '__Host-mos_sid=s; __Host-mos_rt=r'],
  ['__Host-mos_sid=s;a=1', '__Host-mos_sid=s'],
  ['a=__Host-mos_sid=forged; x__Host-mos_sid=forged', ''],
  ['__Host-mosaic=1; __host-mos_sid=forged; =__Host-mos_sid=forged', ''],
  ['a=1; =; ;; b', ''],
  ['__Host-mos_sid=a=b, c=d', '__Host-mos_sid=a=b, c=d'],
] as const

/** As large as browsers keep them. */
const junk = (count: number) =>
  Array.from({ length: count }, (_, i) => `junk${i}=${'x'.repeat(4000)}`).join('; ')
const MANY = junk(120)
/** As many as Chromium and Firefox keep for one registrable domain. */
const MOST = junk(180)

export function cookieCases(get: () => Setup): void {
  it.each(SERVICES)('passes only the platform’s own to %s%s', async (host, path) => {
    for (const [cookie, expected] of CASES) {
      const { headers }: Echo = JSON.parse((await get().fetch({ host, path, headers: { cookie } })).text)
      expect([cookie, headers.cookie?.join('; ') ?? '']).toEqual([cookie, expected])
    }
  })

  it('tells the gate of the platform’s own only, and the instance of the others', async () => {
    for (const [cookie, expected] of CASES) {
      get().platform.asked.length = 0
      await get().echo({ headers: { cookie } })
      expect([cookie, get().platform.asked[0]?.headers.cookie?.join('; ') ?? '']).toEqual([cookie, expected])
    }
  })

  it.each([...SERVICES, [ALICE, '/own']] as const)('never keeps a person from %s%s', async (host, path) => {
    const cookie = `${MANY}; __Host-mos_sid=s`
    const reply = await get().fetch({ host, path, headers: { cookie } })
    expect(reply.status).toBe(200)
    const { headers }: Echo = JSON.parse(reply.text)
    expect(headers.cookie).toEqual([path === '/own' ? MANY : '__Host-mos_sid=s'])
  })

  it.each([...SERVICES, [ALICE, '/own']] as const)(
    'are cleared where they are too many, at %s%s',
    async (host, path) => {
      const reply = await get().fetch({ host, path, headers: { cookie: MOST } })
      expect(reply).toMatchObject({
        status: 431,
        headers: { 'clear-site-data': '"cookies"', 'content-type': 'text/html; charset=utf-8' },
        text: TOO_MANY_COOKIES,
      })
      expect(get().platform.asked).toEqual([])
    },
  )
}
