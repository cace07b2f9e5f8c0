/** Cases: passkeys, answered by somebody who is not their owner, or not now, or not here. */
import { type Authenticator, createAuthenticator, type Faults } from '@matrixos/testing/authenticator'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { expect, it } from 'vitest'
import { ageProofs, audited, refused, type Setup } from './setup.ts'

type Fault = Faults & { origin?: string }

const REFUSED = [401, 'credential_refused']
const SPENT = [401, 'challenge_expired']

export function passkeyCases(get: () => Setup): void {
  const appOrigin = () => get().stack.hosts.appOrigin
  const instance = () => get().mallory.url

  async function answered(client: PlatformClient, authenticator: Authenticator, fault: Fault = {}) {
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    return { challengeId, response: authenticator.get(options, { origin: appOrigin(), ...fault }) }
  }
  async function created(client: PlatformClient, authenticator: Authenticator, fault: Fault = {}) {
    const { challengeId, options } = await client.trpc.auth.passkeys.addOptions.mutate()
    return { challengeId, response: authenticator.create(options, { origin: appOrigin(), ...fault }) }
  }

  it.each<[string, () => Fault]>([
    ["by an instance's page", () => ({ origin: instance(), unchecked: true })],
    ["by an instance's page for all of the domain", () => ({ origin: instance(), rpId: 'mos.test' })],
    ['for another relying party', () => ({ rpId: 'mos.test', unchecked: true })],
    ['in a frame', () => ({ crossOrigin: true })],
    ['in a frame that names its top', () => ({ topOrigin: instance() })],
    ['without user verification', () => ({ userVerified: false })],
    ['with a bogus signature', () => ({ bogusSignature: true })],
    ['with a changed backup eligibility', () => ({ flipBackupEligible: true })],
  ])('refuses a sign-in made %s', async (_what, fault) => {
    const client = get().stack.client()
    const given = await answered(client, get().ada.authenticator, { unchecked: true, ...fault() })
    expect(await refused(client.trpc.auth.loginPasskey.mutate(given))).toEqual(REFUSED)
    expect(await refused(client.trpc.auth.me.query())).toEqual([401, 'unauthorized'])
  })

  it('refuses a counter that went back, and audits it', async () => {
    const { ada, sql, again } = get()
    await again(ada)
    const before = await audited(sql, 'ada', 'login_refused')
    const client = get().stack.client()
    const given = await answered(client, ada.authenticator, { counterRollback: true })
    expect(await refused(client.trpc.auth.loginPasskey.mutate(given))).toEqual(REFUSED)
    expect(await audited(sql, 'ada', 'login_refused')).toBe(before + 1)
    const [row] =
      await sql`select detail from audit_log where action = 'login_refused' order by id desc limit 1`
    expect(row?.detail).toEqual({ reason: 'counter_rollback' })
  })

  it('refuses an answer to a challenge that was never given', async () => {
    const client = get().stack.client()
    const given = await answered(client, get().ada.authenticator, { challenge: 'A'.repeat(43) })
    expect(await refused(client.trpc.auth.loginPasskey.mutate(given))).toEqual(SPENT)
  })

  it('refuses an answer that was used before', async () => {
    const client = get().stack.client()
    const given = await answered(client, get().ada.authenticator)
    await client.trpc.auth.loginPasskey.mutate(given)
    expect(await refused(client.trpc.auth.loginPasskey.mutate(given))).toEqual(SPENT)
  })

  it('refuses a right answer to a challenge that a wrong one has spent', async () => {
    const client = get().stack.client()
    const { challengeId, options } = await client.trpc.auth.loginPasskeyOptions.mutate()
    const answer = (fault: Fault) => ({
      challengeId,
      response: get().ada.authenticator.get(options, { origin: appOrigin(), ...fault }),
    })
    const { loginPasskey } = client.trpc.auth
    expect(await refused(loginPasskey.mutate(answer({ bogusSignature: true })))).toEqual(REFUSED)
    expect(await refused(loginPasskey.mutate(answer({})))).toEqual(SPENT)
  })

  it("refuses a sign-up's challenge at a sign-in", async () => {
    const client = get().stack.client()
    const { challengeId } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle: 'somebody-new' })
    const { response } = await answered(client, get().ada.authenticator)
    expect(await refused(client.trpc.auth.loginPasskey.mutate({ challengeId, response }))).toEqual(SPENT)
  })

  it("refuses another browser's challenge", async () => {
    const [asked, other] = [get().stack.client(), get().stack.client()]
    const given = await answered(asked, get().ada.authenticator)
    await other.trpc.auth.loginPasskeyOptions.mutate()
    expect(await refused(other.trpc.auth.loginPasskey.mutate(given))).toEqual(SPENT)
  })

  it("refuses a sign-in's challenge as a new proof of who is there", async () => {
    const client = await get().again(get().ada)
    const given = await answered(client, get().ada.authenticator)
    expect(await refused(client.trpc.auth.stepUp.passkey.mutate(given))).toEqual(SPENT)
  })

  it("refuses another person's passkey as a new proof of who is there", async () => {
    const { ada, mallory, again } = get()
    const client = await again(ada)
    const { challengeId, options } = await client.trpc.auth.stepUp.passkeyOptions.mutate()
    const { allowCredentials: _, ...any } = options
    const response = mallory.authenticator.get(any, { origin: appOrigin() })
    expect(await refused(client.trpc.auth.stepUp.passkey.mutate({ challengeId, response }))).toEqual(REFUSED)
  })

  it.each<[string, () => Fault]>([
    ["on an instance's page", () => ({ origin: instance(), unchecked: true })],
    ['in a frame', () => ({ crossOrigin: true })],
    ['without user verification', () => ({ userVerified: false })],
    ['for another relying party', () => ({ rpId: 'mos.test', unchecked: true })],
  ])('refuses a passkey made %s', async (_what, fault) => {
    const client = await get().again(get().ada)
    const given = await created(client, createAuthenticator(), fault())
    expect(await refused(client.trpc.auth.passkeys.add.mutate(given))).toEqual(REFUSED)
    expect((await client.trpc.auth.passkeys.list.query()).passkeys).toHaveLength(1)
  })

  it('refuses a passkey that another account has', async () => {
    const fixed = () => createAuthenticator({ random: (bytes) => new Uint8Array(bytes).fill(7) })
    await get().newcomer('original', fixed())
    const client = await get().again(get().mallory)
    const given = await created(client, fixed())
    expect(await refused(client.trpc.auth.passkeys.add.mutate(given))).toEqual([409, 'credential_taken'])
  })

  it("refuses to remove or rename another's passkey", async () => {
    const id = get().ada.authenticator.credentials[0]?.id ?? ''
    const { passkeys } = (await get().again(get().mallory)).trpc.auth
    expect(await refused(passkeys.remove.mutate({ id }))).toEqual([404, 'not_found'])
    expect(await refused(passkeys.rename.mutate({ id, name: 'mine' }))).toEqual([404, 'not_found'])
    expect((await get().ada.client.trpc.auth.passkeys.list.query()).passkeys).toMatchObject([{ id }])
  })

  it('refuses to remove the last way to sign in', async () => {
    const { client, authenticator } = await get().newcomer('lone')
    await client.trpc.auth.recovery.regenerate.mutate()
    const id = authenticator.credentials[0]?.id ?? ''
    expect(await refused(client.trpc.auth.passkeys.remove.mutate({ id }))).toEqual([409, 'conflict'])
  })

  it('refuses whatever changes an account on an old sign-in', async () => {
    const { ada, sql, again } = get()
    const client = await again(ada)
    const { auth, tokens, tenants } = client.trpc
    const added = await created(client, createAuthenticator())
    const [passkey] = (await auth.passkeys.list.query()).passkeys
    const { totp } = auth
    await ageProofs(sql, 'ada')
    for (const call of [
      () => auth.passkeys.addOptions.mutate(),
      () => auth.passkeys.add.mutate(added),
      () => auth.passkeys.remove.mutate({ id: passkey?.id ?? '' }),
      () => totp.start.mutate({ password: 'another long phrase' }),
      () => totp.changePassword.mutate({ password: 'another long phrase' }),
      () => totp.remove.mutate(),
      () => auth.recovery.regenerate.mutate(),
      () => tokens.create.mutate({ name: 'mine', scopes: ['tenant:control'] }),
      () => tenants.delete.mutate({ instanceId: ada.instanceId, handle: 'ada' }),
    ])
      expect(await refused(call())).toEqual([403, 'step_up_required'])
  })
}
