/** A computer that its owner deletes, and takes back within the days of grace. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'a deletion that is taken back', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', env: { DELETION_GRACE_DAYS: '7' } })
    chromium = await launchChromium()
    person = await chromium.newPerson('leaving')
    await signUpInBrowser(person.page, stack.hosts, 'lena')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const app = (path = '/') => `${stack.hosts.appOrigin}${path}`
  async function shows(name: string) {
    await person.picture(name)
    expect(await violationsOf(person.page)).toEqual([])
  }

  it('says what goes and when, closes the computer at once, and opens it again with all that it had', async () => {
    const { page } = person
    await visit(page, app())
    await page.getByText('Log', { exact: true }).first().waitFor()
    await shows('dashboard')
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByText('For 7 days you can sign in and take it back').waitFor()
    await shows('dialog')
    await page.getByLabel('Type lena to confirm').fill('lena')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Your computer is closed' }).waitFor()
    await shows('closed')
    const computer = await page.context().newPage()
    const answer = await computer.goto(`${stack.hosts.instanceOrigin('lena')}/`)
    expect(answer?.status()).not.toBe(200)
    await computer.getByRole('heading', { name: 'Your computer is closed' }).waitFor()
    expect(await violationsOf(computer)).toEqual([])
    await visit(page, app())
    await page.getByText('Your computer will be deleted on').waitFor()
    await shows('notice')
    await page.getByRole('button', { name: 'Keep my computer' }).click()
    await page.getByText('Your computer will be deleted on').waitFor({ state: 'hidden' })
    await expect
      .poll(async () => (await computer.goto(`${stack.hosts.instanceOrigin('lena')}/`))?.status(), {
        timeout: 60_000,
      })
      .toBe(200)
  })
})
