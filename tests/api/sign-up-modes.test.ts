/** Sign-up that is open, by invitation or closed, switched while two api processes run. */
import { randomUUID } from 'node:crypto'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attempts, settings } from '../../apps/api/src/db/schema/index.ts'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'

const GUESSES = 4

let one: TestApi
let other: TestApi
let admin: PlatformClient
beforeAll(async () => {
  const env = { INVITE_GUESSES_PER_NETWORK_PER_HOUR: String(GUESSES) }
  one = await startApi({ pretended: true, env })
  other = await startApi({ env, beside: one })
  admin = (await newAdmin(one, 'rootadmin')).client
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await one.database.db.delete(attempts)
  await switchTo('open')
})

const modeOf = async (api: TestApi) => (await api.client().trpc.stats.public.query()).signUp
const knows = (api: TestApi, mode: string) =>
  until(`sign-up is ${mode}`, async () => (await modeOf(api)) === mode, 5_000)

async function switchTo(value: 'open' | 'invite' | 'closed') {
  await admin.trpc.admin.settings.set.mutate({ name: 'sign_up', value })
  await Promise.all([knows(one, value), knows(other, value)])
}

const invite = (input: { maxUses?: number; days?: number | null; note?: string } = {}) =>
  admin.trpc.admin.invites.create.mutate(input)
const listed = async (code: string) => {
  const { items } = await admin.trpc.admin.invites.list.query({})
  return items.find((each) => each.code === code)
}
const fresh = () => `p${randomUUID().slice(0, 8)}`
/** Up to the passkey, which is not sent yet. */
async function begin(api: TestApi, handle: string, code?: string) {
  const client = api.client()
  const wanted = { handle, ...(code === undefined ? {} : { invite: code }) }
  const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate(wanted)
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  return () => client.trpc.auth.registerPasskey.mutate({ challengeId, response })
}

describe('the mode', () => {
  it('counts in every process, at the beginning of a sign-up', async () => {
    await switchTo('closed')
    for (const api of [one, other]) {
      expect((await refusal(newPerson(api, fresh()))).code).toBe('sign_up_closed')
      const start = api
        .client()
        .trpc.auth.registerTotpStart.mutate({ handle: fresh(), password: 'three plain words here' })
      expect((await refusal(start)).code).toBe('sign_up_closed')
    }
    await switchTo('open')
    await newPerson(other, fresh())
  })

  it('counts at the end of a sign-up that began before', async () => {
    const handle = fresh()
    const finish = await begin(other, handle)
    await switchTo('closed')
    expect((await refusal(finish())).code).toBe('sign_up_closed')
    const late = await begin(other, handle).catch(() => null)
    expect(late).toBeNull()
    await switchTo('open')
    const again = await begin(other, handle)
    await switchTo('invite')
    expect((await refusal(again())).code).toBe('invite_required')
    const { status } = await other.client().trpc.auth.handleAvailability.query({ handle })
    expect(status).toBe('ok')
  })

  it('reaches a process that was told nothing', async () => {
    const change = { value: 'closed', updatedAt: new Date(), updatedBy: 'server' } as const
    await one.database.db.update(settings).set(change).where(eq(settings.name, 'sign_up'))
    await knows(other, 'closed')
    const { sign_up: shown } = await admin.trpc.admin.settings.get.query()
    expect(shown).toMatchObject({ value: 'closed', default: 'open', updatedBy: 'server' })
  })

  it('is open where the row holds what this version does not know', async () => {
    await switchTo('closed')
    await one.database.db.update(settings).set({ value: 'later' }).where(eq(settings.name, 'sign_up'))
    await knows(other, 'open')
  })

  it('is audited with what it was before', async () => {
    await switchTo('invite')
    const { items } = await admin.trpc.admin.audit.search.query({ action: 'setting_changed', limit: 1 })
    const entry = { actor: { handle: 'rootadmin' }, target: { id: 'sign_up' } }
    expect(items).toMatchObject([{ ...entry, detail: { from: 'open', to: 'invite' } }])
  })
})

describe('an invite', () => {
  beforeEach(() => switchTo('invite'))

  it('lets in whoever types it, as often as it says, and is in the audit log', async () => {
    const { code, url } = await invite({ note: 'for Bea' })
    expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
    expect(url).toBe(`${admin.hosts.appOrigin}/signup?invite=${code}`)
    expect((await refusal(newPerson(other, fresh()))).code).toBe('invite_required')
    const handle = fresh()
    await newPerson(other, handle, ` ${code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O')} `)
    expect(await listed(code)).toMatchObject({ uses: 1, maxUses: 1, state: 'used_up', note: 'for Bea' })
    expect((await refusal(newPerson(one, fresh(), code))).code).toBe('invite_required')
    const { items } = await admin.trpc.admin.audit.search.query({ target: handle, action: 'account_created' })
    expect(items[0]?.detail).toEqual({ handle, invite: code })
  })

  it('lets in no more than it says when many come at once', async () => {
    const { code } = await invite({ maxUses: 2 })
    const finishes = await Promise.all([one, other, one, other].map((api) => begin(api, fresh(), code)))
    const outcomes = await Promise.allSettled(finishes.map((finish) => finish()))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(await listed(code)).toMatchObject({ uses: 2 })
  })

  it('is given back by a sign-up that fails', async () => {
    const { code } = await invite({ maxUses: 2 })
    const handle = fresh()
    const finishes = await Promise.all([one, other].map((api) => begin(api, handle, code)))
    const outcomes = await Promise.allSettled(finishes.map((finish) => finish()))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await listed(code)).toMatchObject({ uses: 1, state: 'usable' })
  })

  it('ends by being revoked, or with its time', async () => {
    const revoked = await invite()
    const finish = await begin(one, fresh(), revoked.code)
    await admin.trpc.admin.invites.revoke.mutate({ code: revoked.code })
    expect((await refusal(finish())).code).toBe('invite_required')
    expect(await listed(revoked.code)).toBeUndefined()
    const again = await refusal(admin.trpc.admin.invites.revoke.mutate({ code: revoked.code }))
    expect(again.code).toBe('not_found')
    const short = await invite({ days: 1 })
    one.advance(86_400_000 + 1_000)
    expect((await refusal(newPerson(one, fresh(), short.code))).code).toBe('invite_required')
    one.advance(-86_400_000 - 1_000)
  })

  it('cannot be guessed: a network has few attempts, in all processes together', async () => {
    const { code } = await invite({ maxUses: 100 })
    for (let i = 0; i < GUESSES + 2; i++) await begin(one, fresh(), code)
    const tries = Array.from({ length: 3 * GUESSES }, (_, at) =>
      refusal(begin(at % 2 === 0 ? one : other, fresh(), 'aaaa-bbbb-cccc-dddd')),
    )
    const codes = (await Promise.all(tries)).map((refused) => refused.code)
    expect(codes.filter((each) => each === 'invite_required')).toHaveLength(GUESSES)
    const refused = await refusal(begin(one, fresh(), code))
    expect(refused).toMatchObject({ code: 'too_many_requests', retryAfterS: expect.any(Number) })
  })
})
