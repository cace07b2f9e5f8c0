/** One's own account in Chromium: proof of work at sign-up, sessions, the display name, and proving again who one is. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Person, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const STEP_UP = { code: 'step_up_required', message: 'Confirm that it is you.' }

describeReal(['chromium'], 'an account', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', env: { PROOF_OF_WORK: 'on' } })
    chromium = await launchChromium()
    person = await chromium.newPerson('account')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })
  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`

  it('is created after a proof of work, which the page says', async () => {
    const { page } = person
    await visit(page, at('app', '/signup'))
    await page.getByLabel('Handle').fill('ada')
    // Held until the page was seen to say what it waits for.
    let release = () => {}
    const seen = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/trpc/auth.proofOfWork*', async (route) => {
      await seen
      await route.continue()
    })
    await page.getByRole('button', { name: 'Create passkey' }).click()
    await page.getByText('Checking your browser…').waitFor()
    await person.picture('proof-of-work')
    release()
    await page.waitForURL(at('ada'), { timeout: 120_000 })
  })

  it('lists its sessions, and ends one or all others', async () => {
    const { page, context } = person
    const rows = page.getByRole('region', { name: 'Sessions' }).getByRole('listitem')
    for (let before = 1; before <= 2; before++) {
      // The session stands, without its browser; autofill signs in anew.
      await context.clearCookies()
      await visit(page, at('app', '/login?next=/settings/security'))
      await page.waitForURL(at('app', '/settings/security'), { timeout: 60_000 })
      await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(before + 1)
    }
    expect(await rows.filter({ hasText: 'This device' }).count()).toBe(1)
    await rows.last().scrollIntoViewIfNeeded()
    await person.picture('sessions')
    await page
      .getByRole('button', { name: /^Sign out Chrome on Linux/ })
      .first()
      .click()
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByRole('button', { name: 'Sign out all others…' }).click()
    await page.getByRole('dialog').waitFor()
    await person.picture('sign-out-others')
    await page.getByRole('button', { name: 'Sign out all others', exact: true }).click()
    await page.getByText('You are not signed in anywhere else.').waitFor()
    expect(await rows.count()).toBe(1)
  })

  it('has a name that its owner may change', async () => {
    const { page } = person
    await page.getByRole('link', { name: 'Profile' }).click()
    const field = page.getByLabel('Display name')
    await field.fill(' ')
    await page.getByRole('button', { name: 'Save name' }).click()
    await page.getByText('Enter a name.').waitFor()
    await field.fill('Ada Lovelace')
    await page.getByRole('button', { name: 'Save name' }).click()
    await page.getByText('Name saved.').waitFor()
    await person.picture('profile')
    await visit(page, at('app'))
    await page.getByRole('heading', { name: 'Hello, Ada Lovelace' }).waitFor()
  })

  it('asks who is there before what cannot be undone, and does it afterwards', async () => {
    const { page } = person
    let refusals = 2
    // As if the sign-in were old: nobody waits five minutes for that here.
    await page.route('**/trpc/tenants.delete*', async (route) => {
      if (refusals-- <= 0) return route.continue()
      const data = { code: 'FORBIDDEN', httpStatus: 403, error: STEP_UP }
      const body = [{ error: { message: STEP_UP.message, code: -32003, data } }]
      return route.fulfill({ status: 403, json: body })
    })
    await visit(page, at('app', '/?delete=true'))
    await page.getByLabel('Type ada to confirm').fill('ada')
    const remove = page.getByRole('button', { name: 'Delete for good' })
    await remove.click()
    const question = page.getByRole('dialog', { name: 'Confirm it’s you' })
    await question.waitFor()
    await expect
      .poll(() =>
        question.getByRole('button', { name: 'Use a passkey' }).evaluate((one) => one.matches(':focus')),
      )
      .toBe(true)
    await person.picture('step-up')
    await question.getByRole('button', { name: 'Cancel' }).click()
    await question.waitFor({ state: 'detached' })
    expect(await page.getByRole('alert').count()).toBe(0)
    await remove.click()
    await question.getByRole('button', { name: 'Use a passkey' }).click()
    await page.waitForURL(at('app', '/goodbye'), { timeout: 60_000 })
    expect(refusals).toBe(-1)
  })
})
