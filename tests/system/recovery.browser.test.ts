/** Ways to sign in, as people manage them in Chromium: a second passkey, recovery codes, and the way back in. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { DEVICES, launchChromium, type Person, signUpInBrowser } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'ways to sign in', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let owner: Person
  let codes: string[] = []
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    owner = await chromium.newPerson('recovery')
    await signUpInBrowser(owner.page, stack.hosts, 'rita')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const open = (page: Page, path: string) => page.goto(`${stack.hosts.appOrigin}${path}`)
  const rows = () => owner.page.getByRole('button', { name: /^Rename / })

  async function inspect({ page, picture }: Person, name: string) {
    await picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await violationsOf(page), `${name}, ${colorScheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  }

  it('advises a second passkey, once', async () => {
    const { page } = owner
    await open(page, '/')
    await page.getByText('Add a second passkey').waitFor()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.reload()
    await page.getByRole('heading', { name: 'Hello, rita' }).waitFor()
    expect(await page.getByText('Add a second passkey').count()).toBe(0)
  })

  it('adds a passkey of another device, and names it', async () => {
    const { page } = owner
    await open(page, '/settings/security')
    const add = page.getByRole('button', { name: 'Add a passkey' })
    await rows().waitFor()
    await add.click()
    await page.getByText('This device already holds one of your passkeys.').waitFor()
    await owner.newDevice()
    await add.click()
    await expect.poll(() => rows().count()).toBe(2)
    await rows().last().click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Work laptop')
    await page.getByRole('button', { name: 'Rename', exact: true }).click()
    await page.getByRole('button', { name: 'Rename Work laptop' }).waitFor()
  })

  it('shows recovery codes once', async () => {
    const { page } = owner
    await page.getByRole('button', { name: 'Create recovery codes' }).click()
    const list = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await expect.poll(() => list.count()).toBe(10)
    codes = await list.allInnerTexts()
    await inspect(owner, 'codes')
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText('Recovery codes of rita').isVisible()).toBe(true)
    expect(await add(page).isVisible()).toBe(false)
    expect((await page.pdf()).toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: 'I’ve stored them' }).click()
    await page.getByText('10 of 10 left').waitFor()
    await expect.poll(() => focused(page)).toBe('Recovery codes')
    await inspect(owner, 'security')
  })
  /** Where the keyboard carries on. */
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)
  const add = (page: Page) => page.getByRole('button', { name: 'Add a passkey' })

  it('lets a person back in by a code on a phone, who adds a passkey there', async () => {
    const phone = await chromium.newPerson('recovery-phone')
    const { page } = phone
    await page.setViewportSize(DEVICES.phone)
    await open(page, '/login')
    await page.getByRole('link', { name: 'Lost your device?' }).click()
    await page.getByRole('heading', { name: 'Recover your account' }).waitFor()
    await page.getByLabel('Handle').fill('rita')
    await page.getByLabel('Recovery code').fill('0000-0000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Incorrect handle or recovery code.').waitFor()
    await inspect(phone, 'recover')
    await page.getByLabel('Recovery code').fill(codes[0]?.toUpperCase().replaceAll('-', ' ') ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
    await page.getByText('9 recovery codes are left.').waitFor()
    await inspect(phone, 'recovered')
    await add(page).click()
    await page.getByRole('heading', { name: 'Security' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: /^Rename / }).count()).toBe(3)
    expect(await page.getByText('Somebody signed in').count()).toBe(0)
  })

  it('tells the other session of it, and removes what was lost', async () => {
    const { page } = owner
    await page.reload()
    await page.getByText('Somebody signed in with one of your recovery codes.').waitFor()
    await inspect(owner, 'notice')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByText('Somebody signed in').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove Work laptop' }).click()
    await inspect(owner, 'remove')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect.poll(() => rows().count()).toBe(2)
    await expect.poll(() => focused(page)).toBe('Passkeys')
    await page.getByRole('button', { name: 'Set up', exact: true }).click()
    await page.getByRole('textbox', { name: 'New password' }).fill('four random words here')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    await inspect(owner, 'totp')
    await page.getByRole('button', { name: 'Cancel' }).click()
  })

  it('says so when a link from an administrator is void', async () => {
    const { page } = owner
    await open(page, `/enrol#${'g'.repeat(43)}`)
    await page.getByText('This link has expired or was used already.').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await inspect(owner, 'enrol')
    expect(owner.errors.filter((text) => !text.includes('404'))).toEqual([])
  })
})
