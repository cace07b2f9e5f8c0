/** Cases: codes and passwords, guessed, used again, or told apart. */
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { expect, it } from 'vitest'
import { refusal } from '../support/api-error.ts'
import { codeOf, PASSWORD, refused, type Setup, type Somebody } from './setup.ts'

const REFUSED = [401, 'credential_refused']
/** At once. */
const CROWD = 100
const MOST_JUDGED = 5

export function guessCases(get: () => Setup): void {
  const login = (handle: string, password: string, code: string) =>
    get().stack.client().trpc.auth.loginTotp.mutate({ handle, password, code })
  const recover = (handle: string, code: string) =>
    get().stack.client().trpc.auth.recovery.login.mutate({ handle, code })

  async function addTotp(client: PlatformClient): Promise<string> {
    const { challengeId, secret } = await client.trpc.auth.totp.start.mutate({ password: PASSWORD })
    await client.trpc.auth.totp.confirm.mutate({ challengeId, code: codeOf(secret, 0) })
    return secret
  }
  async function newCodes(somebody: Somebody): Promise<string[]> {
    return (await (await get().again(somebody)).trpc.auth.recovery.regenerate.mutate()).codes
  }
  const crowd = <T>(call: (at: number) => Promise<T>) =>
    Promise.all(Array.from({ length: CROWD }, (_, at) => refusal(call(at))))

  it('takes a one-time code once', async () => {
    const secret = await addTotp(await get().again(get().ada))
    const code = codeOf(secret, 1)
    await expect(login('ada', PASSWORD, code)).resolves.toMatchObject({ handle: 'ada' })
    expect(await refused(login('ada', PASSWORD, code))).toEqual(REFUSED)
  })

  it('takes a recovery code once, also when it comes five times at once', async () => {
    const [code = ''] = await newCodes(get().ada)
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => recover('ada', code)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const [, other = ''] = await newCodes(get().mallory)
    await recover('mallory', other)
    expect(await refused(recover('mallory', other))).toEqual(REFUSED)
  })

  it('judges at most five of a hundred one-time codes at once', async () => {
    const { sql, again, mallory } = get()
    await addTotp(await again(mallory))
    await crowd((at) => login('mallory', PASSWORD, String(100_000 + at)))
    const [row] = await sql`select failures, locked_until from totp_logins, users
                            where users.id = user_id and handle = 'mallory'`
    expect(row).toMatchObject({ failures: MOST_JUDGED, locked_until: expect.any(Date) })
  })

  it.each(['lone', 'nobody-here'])(
    'judges at most five of a hundred recovery codes at once: %s',
    async (who) => {
      const answers = await crowd((at) => recover(who, `guess-${at}`))
      expect(answers.filter(({ code }) => code === 'credential_refused')).toHaveLength(MOST_JUDGED)
      expect(answers.filter(({ code }) => code === 'too_many_requests')).toHaveLength(CROWD - MOST_JUDGED)
    },
  )

  it('judges a few of a hundred new proofs at once', async () => {
    const { stepUp } = (await get().again(get().ada)).trpc.auth
    const answers = await crowd(() => stepUp.recoveryCode.mutate({ code: 'AAAA-BBBB' }))
    expect(answers.filter(({ code }) => code === 'credential_refused').length).toBeLessThanOrEqual(20)
    expect(new Set(answers.map(({ code }) => code))).toContain('too_many_requests')
  })

  it('answers an unknown handle in the words of a wrong password, code and recovery code', async () => {
    const words = async (call: Promise<unknown>) => JSON.stringify(await refusal(call))
    const passwords = [
      await words(login('nobody-at-all', PASSWORD, '123456')),
      await words(login('ada', 'another long phrase', '123456')),
      await words(login('ada', PASSWORD, '000000')),
    ]
    expect(new Set(passwords).size).toBe(1)
    const codes = [await words(recover('nobody-at-all', 'wrong')), await words(recover('original', 'wrong'))]
    expect(new Set(codes).size).toBe(1)
  })

  it('does the work of a password for an unknown handle too', async () => {
    for (const handle of ['nobody-either', 'ada']) {
      const answers = await crowd(() => login(handle, 'another long phrase', '123456'))
      const codes = new Set(answers.map(({ code }) => code))
      // Only who waits for a password to be computed can be too many.
      expect([handle, [...codes].sort()]).toEqual([handle, ['credential_refused', 'too_many_requests']])
    }
  })

  it('offers no names of people by their sign-in options', async () => {
    const { options } = await get().stack.client().trpc.auth.loginPasskeyOptions.mutate()
    expect(options.allowCredentials ?? []).toEqual([])
  })
}
