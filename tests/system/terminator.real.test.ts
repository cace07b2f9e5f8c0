/** A whole platform behind a proxy, as a TLS terminator is one: people keep addresses of their own, behind both edges. */

import { describeReal } from '@matrixos/testing/describe-real'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fetchReply } from '../../apps/edge/src/testing/client.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const PROXY = '127.0.0.2'
const STRANGER = '127.0.0.3'
const MOST = 3

for (const { parts, needs } of STACKS) {
  describeReal(needs, `behind a terminator (${parts})`, () => {
    let stack: Stack
    beforeAll(async () => {
      const env = { TRUSTED_PROXIES: PROXY, PASSWORD_ATTEMPTS_PER_QUARTER_HOUR: String(MOST) }
      stack = await bootStack({ parts, env })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    /** Status of an attempt with a password, by who sends it and what that says of its client. */
    async function attempt(handle: string, from: string, forwardedFor: string): Promise<number> {
      const { appOrigin } = stack.hosts
      const { host, port } = new URL(appOrigin)
      const headers = {
        origin: appOrigin,
        'content-type': 'application/json',
        'x-mos': '1',
        'x-forwarded-for': forwardedFor,
      }
      const body = Buffer.from(JSON.stringify({ handle, password: 'a long enough phrase', code: '123456' }))
      const path = '/trpc/auth.loginTotp'
      return (await fetchReply(Number(port), { host, path, method: 'POST', from, headers, body })).status
    }
    async function attempts(handle: string, from: string, addresses: string[]): Promise<number[]> {
      const statuses: number[] = []
      for (const address of addresses) statuses.push(await attempt(handle, from, address))
      return statuses
    }

    it('lets no visitor use up the attempts of another, whatever they say of themselves', async () => {
      const madeUp = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'].map((address) => `${address}, 192.0.2.7`)
      expect(await attempts('ada', PROXY, madeUp)).toEqual([401, 401, 401, 429])
      expect(await attempt('ada', PROXY, '192.0.2.8')).toBe(401)
    })

    it('takes no address from who is no trusted proxy', async () => {
      const madeUp = ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4']
      expect(await attempts('bea', STRANGER, madeUp)).toEqual([401, 401, 401, 429])
      expect(await attempt('bea', PROXY, '1.1.1.1')).toBe(401)
    })

    it.skipIf(parts === 'embedded')('keeps the visitors’ addresses in the audit log', async () => {
      const sql = postgres(stack.place.DATABASE_URL ?? '', { max: 1 })
      const rows = await sql`select distinct address from audit_log where action = 'login_refused' order by 1`
      await sql.end()
      expect(rows.map(({ address }) => address)).toEqual(['1.1.1.1', STRANGER, '192.0.2.7', '192.0.2.8'])
    })
  })
}
