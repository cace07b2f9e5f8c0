/** People among people, in Chromium on the embedded stack: a profile, who may see it, following, blocking and finding. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

/** Eight by eight pixels. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAM0lEQVR4nG3CoREAIQADwSsH+RKJRL5EUkbKuVJpIDvLiDVfrJmxZsWaHWv+WHNizY31A+EoVwFAOcMmAAAAAElFTkSuQmCC',
  'base64',
)

describeReal(['chromium'], 'people', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let ada: Person
  let ben: Person
  /** Somebody without an account. */
  let stranger: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', domains: { publicUrl: 'http://platform.localhost' } })
    chromium = await launchChromium()
    ada = await chromium.newPerson('people')
    ben = await chromium.newPerson('people')
    stranger = await chromium.newPerson('people')
    await signUpInBrowser(ada.page, stack.hosts, 'ada')
    await signUpInBrowser(ben.page, stack.hosts, 'ben')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (path: string) => `${stack.hosts.appOrigin}${path}`
  async function looksRight({ page, picture }: Person, name: string): Promise<void> {
    await picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect.soft(await violationsOf(page), `${name}, ${colorScheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  }

  it('lets people say who they are and who their AI is, and shows it to strangers', async () => {
    const { page } = ada
    await visit(page, at('/settings/profile'))
    await page.getByLabel('About you', { exact: true }).fill('I count.\nBy hand, mostly.')
    await page.getByLabel('Your AI’s name').fill('Difference Engine')
    await page.getByLabel('About your AI').fill('Good at tables.')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Profile saved.').waitFor()
    const file = { name: 'me.png', mimeType: 'image/png', buffer: PICTURE }
    await page.getByLabel('Your picture').setInputFiles(file)
    await page.getByText('Picture saved.').waitFor()
    await looksRight(ada, '1-settings')
    await page.getByLabel('Your picture').setInputFiles({ ...file, buffer: Buffer.from('no picture') })
    await page.getByText('This is no picture in PNG, JPEG or WebP that can be read.').waitFor()

    await visit(page, at('/feed'))
    await page.getByRole('textbox', { name: 'What is new?' }).fill('The first program is written.')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('article', { name: /Ada/i }).waitFor()

    const answer = await visit(stranger.page, `${stack.hosts.landingOrigin}/@ada`)
    expect(await answer?.text()).toContain(
      '<meta property="og:description" content="I count. By hand, mostly." />',
    )
    await stranger.page.getByText('By hand, mostly.').waitFor()
    await stranger.page.getByText('The first program is written.').waitFor()
    await stranger.page.getByText('Good at tables.').waitFor()
    const avatar = stranger.page.locator('main img').first()
    await expect
      .poll(() => avatar.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)))
      .toBe(256)
    await looksRight(stranger, '2-stranger')
    const nobody = await visit(stranger.page, `${stack.hosts.landingOrigin}/@nobody`)
    expect(nobody?.status()).toBe(404)
    await stranger.page.getByRole('heading', { name: 'Nobody is here' }).waitFor()
  })

  it('lets people find and follow each other', async () => {
    const { page } = ben
    await visit(page, at('/explore'))
    await page.getByText('Nothing is published for everybody yet.').waitFor()
    await page.getByText('I count. By hand, mostly.').waitFor()
    await looksRight(ben, '3-explore')
    await page.getByLabel('Find people').fill('ad')
    await page.getByRole('region', { name: 'People found' }).getByRole('link', { name: /ada/ }).click()
    await page.getByRole('button', { name: 'Follow', exact: true }).click()
    await page.getByRole('button', { name: 'Unfollow' }).waitFor()
    await page.getByRole('link', { name: '1 follower' }).waitFor()
    await looksRight(ben, '4-profile')
    await page.getByRole('link', { name: '1 follower' }).click()
    await page.getByRole('heading', { name: 'Followers' }).waitFor()
    await page.getByRole('link', { name: /ben/ }).first().waitFor()
    await looksRight(ben, '5-followers')
  })

  it('hides two people from each other while one blocks the other', async () => {
    await visit(ada.page, at('/@ben'))
    await ada.page.getByText('Follows you').waitFor()
    await ada.page.getByRole('button', { name: 'More about @ben' }).click()
    await ada.page.getByRole('menuitem', { name: 'Block @ben' }).click()
    await ada.page.getByRole('heading', { name: 'You blocked @ben' }).waitFor()
    await visit(ben.page, at('/@ada'))
    await ben.page.getByRole('heading', { name: 'Nobody is here' }).waitFor()
    await visit(ada.page, at('/settings/profile'))
    await ada.page.getByRole('button', { name: 'Unblock @ben' }).click()
    await ada.page.getByText('You have not blocked or muted anyone.').waitFor()
    await visit(ben.page, at('/@ada'))
    await ben.page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  })
})
