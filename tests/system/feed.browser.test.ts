/** The feed, in Chromium on the embedded stack: posting, answering, reporting and hiding, while both look on. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person } from '../support/chromium.ts'
import { makeAdministrator } from '../support/make-administrator.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'the feed', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let ada: Person
  let ben: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    ada = await newPerson('ada')
    ben = await newPerson('ben')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (path: string) => `${stack.url.replace('//', '//app.')}${path}`
  const card = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

  /** Whose first start is of no interest here. */
  async function newPerson(handle: string): Promise<Person> {
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    if (handle === 'ben') await makeAdministrator(stack, client, handle)
    const person = await chromium.newPerson('feed')
    await person.context.addCookies(cookiesOf(client))
    return person
  }

  it('says what comes here, and takes the first post', async () => {
    const { page } = ada
    await page.goto(at('/feed'))
    await page.getByText('Nobody has posted yet').waitFor()
    await ada.picture('1-empty')
    await page.getByLabel('What is new?').fill('My chess board is done, @ben! See https://example.org/chess')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await card(page, 'My chess board is done').waitFor()
    await page.getByLabel('What is new?').fill('A note to myself')
    await page.getByLabel('Who can read it?').selectOption('private')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('link', { name: 'Following' }).click()
    await card(page, 'A note to myself').waitFor()
    expect(await violationsOf(page)).toEqual([])
  })

  it('tells of a mention, and takes a like and a comment', async () => {
    const { page } = ben
    await page.goto(at('/feed'))
    await page.getByRole('link', { name: 'Mentions 1 new' }).click()
    const post = card(page, 'My chess board is done')
    await post.getByRole('button', { name: 'Like. 0 likes' }).click()
    await post.getByRole('button', { name: 'Like. 1 like' }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Mentions', exact: true }).count()).toBe(1)
    await ben.picture('2-mentions')
    await post.getByRole('link', { name: '0 comments' }).click()
    await page.getByLabel('Add a comment').fill('Well done, @ada')
    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    await page.getByText('Well done, @ada').waitFor()
    await ben.picture('3-post')
    expect(await violationsOf(page)).toEqual([])
  })

  it('announces what is new to whoever looks on', async () => {
    await ada.page.goto(at('/feed'))
    await card(ada.page, 'My chess board is done').waitFor()
    await ben.page.goto(at('/feed'))
    await ben.page.getByLabel('What is new?').fill('Buy my coins!')
    await ben.page.getByRole('button', { name: 'Post', exact: true }).click()
    await ada.page.getByRole('button', { name: 'New posts' }).click()
    await card(ada.page, 'Buy my coins!').waitFor()
    await ada.picture('4-feed')
    expect(await violationsOf(ada.page)).toEqual([])
  })

  it('brings back what somebody deleted by mistake', async () => {
    const { page } = ben
    await card(page, 'Buy my coins!').getByRole('button', { name: 'More about this post' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect.poll(() => card(page, 'Buy my coins!').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await card(page, 'Buy my coins!').waitFor()
  })

  it('takes away what was reported, once an administrator says so', async () => {
    await card(ada.page, 'Buy my coins!').getByRole('button', { name: 'More about this post' }).click()
    await ada.page.getByRole('menuitem', { name: 'Report' }).click()
    await ada.picture('5-report')
    await ada.page.getByRole('button', { name: 'Report', exact: true }).click()
    await ada.page.getByText('An administrator will look at it.').waitFor()
    await ben.page.goto(at('/admin/reports'))
    await card(ben.page, 'Buy my coins!').getByText('Spam or advertising').waitFor()
    await ben.picture('6-reports')
    expect(await violationsOf(ben.page)).toEqual([])
    await ben.page.getByRole('button', { name: 'Hide', exact: true }).click()
    await ben.page.getByText('Nothing is waiting for you').waitFor()
    await ada.page.reload()
    await card(ada.page, 'My chess board is done').waitFor()
    expect(await card(ada.page, 'Buy my coins!').count()).toBe(0)
  })

  it('lets owners say what their computer may post', async () => {
    await ada.page.goto(at('/settings/posting'))
    await ada.page.getByRole('group', { name: 'Posts of its own' }).getByText('Never').click()
    await ada.page.getByText('Saved.').waitFor()
    await ada.picture('7-posting')
    expect(await violationsOf(ada.page)).toEqual([])
  })
})

const cookiesOf = (client: PlatformClient) =>
  client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
    ...{ name, value, domain: host, path, httpOnly, secure },
    sameSite: 'Lax' as const,
  }))
