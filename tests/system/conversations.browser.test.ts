/**
 * Two people at their computers in Chromium, on Docker, Caddy, PostgreSQL and Synapse: one's AI asks the other's, who
 * sleeps, wakes and answers; both see it, and the homeserver knows not a word of it.
 */
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Synapse } from '@matrixos/testing/synapse'
import { until } from '@matrixos/testing/until'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { type Computer, isAwake, openComputer, openPart } from '../support/computer.ts'
import { keptBy, startHomeserver } from '../support/homeserver.ts'
import { INSTANT_MODEL } from '../support/stack.ts'

const PATIENCE = { timeout: 60_000 }
const QUESTION = 'Which day suits you for the pixel fair?'

describeReal(['docker', 'caddy', 'postgres', 'synapse', 'chromium'], 'messages between two computers', () => {
  let synapse: Synapse
  let computer: Computer
  let bob: PlatformClient

  beforeAll(async () => {
    const homeserver = await startHomeserver()
    synapse = homeserver.synapse
    computer = await openComputer('conversations', { ...homeserver.env, ...INSTANT_MODEL }, 'real')
    bob = computer.stack.client()
    await signUp({ client: bob, authenticator: createAuthenticator(), handle: 'bob' })
    await waitUntilRunning(bob)
    await until('his accounts are made', async () => {
      const standing = await bob.trpc.matrix.standing.query()
      return standing.isOn && standing.userId !== null
    })
    await putInstanceToSleep(bob)
    await until('he sleeps', asleep)
  })
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]()
    await synapse?.[Symbol.asyncDispose]()
  })

  const asleep = async () => (await bob.trpc.tenants.mine.query()).observed === 'stopped'

  /** Bob's own page, beside hers. */
  async function openBobs(): Promise<Page> {
    const { person, stack } = computer
    const address = stack.url.replace('//', '//bob.')
    await bob.browser.navigate(`${address}/`)
    const cookies = bob.browser.jar.all().filter(({ host }) => host.startsWith('bob.'))
    await person.context.addCookies(
      cookies.map(({ host, name, value, path, httpOnly, secure }) => ({
        ...{ name, value, domain: host, path, httpOnly, secure },
        sameSite: 'Lax' as const,
      })),
    )
    const page = await person.context.newPage()
    await page.goto(address)
    await isAwake(page)
    return page
  }

  it('lets one’s AI ask the other’s, who lets his answer', async () => {
    const { page } = computer
    await openPart(page, 'Messages')
    await page.getByRole('button', { name: 'New', exact: true }).click(PATIENCE)
    await page.getByRole('textbox', { name: 'Handle' }).fill('@bob')
    await page.getByRole('radio', { name: 'Their AI' }).check({ force: true })
    await page.getByRole('radio', { name: 'My AI' }).check({ force: true })
    await page.getByRole('textbox', { name: 'Message' }).fill(QUESTION)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('region', { name: 'Conversation with @bob’s AI' }).waitFor()
    await page.getByText(QUESTION).first().waitFor()
    await until('it wakes him', async () => !(await asleep()), PATIENCE.timeout)

    const his = await openBobs()
    await openPart(his, 'Messages')
    await his.getByRole('button', { name: /^@ada.*’s AI/ }).click(PATIENCE)
    await his.getByText(/would like to ask your AI/).waitFor()
    await his.getByRole('button', { name: 'Let it answer' }).click()
    await his.getByRole('log').getByText(QUESTION, { exact: true }).waitFor(PATIENCE)
    await his.getByText(/^Answer · /).waitFor(PATIENCE)
    await his.getByText(/1 of \d+ messages/).waitFor()

    await page.getByText(/^Answer · /).waitFor(PATIENCE)
    const answers = [page, his].map((each) =>
      each.locator('article', { hasText: 'Answer · ' }).locator('.text').innerText(),
    )
    const [hers, theirs] = await Promise.all(answers)
    expect(hers).toBe(theirs)
    await computer.person.picture('1-answered')
  })

  it('tells the homeserver nothing of what was asked and answered', async () => {
    const answer = computer.page.locator('article', { hasText: 'Answer · ' }).locator('.text')
    const said = [QUESTION, (await answer.innerText()).slice(0, 40)]
    const kept = keptBy(synapse)
    expect(kept.includes('m.room.encrypted')).toBe(true)
    expect(said.filter((words) => kept.includes(words))).toEqual([])
  })

  it('says who is not there', async () => {
    const { page } = computer
    await page.getByRole('button', { name: 'New', exact: true }).click()
    await page.getByRole('textbox', { name: 'Handle' }).fill('@nobody-at-all')
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page
      .getByRole('alert')
      .getByText(/nobody-at-all/)
      .waitFor()
  })

  it('tells in the feed whom the AI met, with the way to their profile', async () => {
    const { page, stack, person } = computer
    await page.goto(`${stack.hosts.appOrigin}/feed`)
    await page.getByRole('link', { name: 'Following' }).click()
    const item = page.getByRole('article').filter({ hasText: 'Your AI met' })
    await item.waitFor()
    await person.picture('2-met')
    expect(await violationsOf(page)).toEqual([])
    await item.getByRole('link', { name: /@bob/ }).click()
    await page.waitForURL(/@bob$/)
  })

  it('makes a token in the settings, by the keyboard alone, which signs a Matrix app in where it says', async () => {
    const { page, stack, person } = computer
    await page.goto(`${stack.hosts.appOrigin}/settings/matrix`)
    await page.getByRole('button', { name: 'Add an app' }).press('Enter')
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await page.keyboard.type('Element')
    await page.keyboard.press('Enter')
    const told = page.getByRole('dialog', { name: 'Sign in to Element' }).locator('code')
    await told.nth(2).waitFor()
    const [homeserver = '', user = '', password = ''] = await told.allTextContents()
    await person.picture('3-token')
    const app = await person.context.newPage()
    const login = `${homeserver}/_matrix/client/v3/login`
    await app.goto(login)
    const status = (secret: string) =>
      app.evaluate(
        async ([address, name, given]) => {
          const identifier = { type: 'm.id.user', user: name }
          const body = JSON.stringify({ type: 'm.login.password', identifier, password: given })
          return (await fetch(address, { method: 'POST', body })).status
        },
        [login, user, secret] as const,
      )
    expect([await status(password), await status(`${password}x`)]).toEqual([200, 403])
    await page.getByRole('button', { name: 'Done, I have copied it' }).press('Enter')
    await page.getByRole('button', { name: 'Sign out Element' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign out Element' }).press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).press('Enter')
    await page.getByText('No apps yet').waitFor()
    expect(await status(password)).toBe(403)
  })
})
