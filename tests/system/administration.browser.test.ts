/** The first administrator by a link from the server, sign-up by invitation, and a suspension: in Chromium. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { signUp } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { arriveAt, launchChromium, type Person, signInWithPasskey, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'administration', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let admin: PlatformClient
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    person = await chromium.newPerson('administration')
    admin = stack.client()
    await signUp({ client: admin, authenticator: createAuthenticator(), handle: 'keeper' })
    await admin.trpc.admin.accept.mutate({ secret: (await linkFor('keeper')).split('#')[1] ?? '' })
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })
  const app = (path = '/') => `${stack.hosts.appOrigin}${path}`

  async function npmRunAdmin(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
    const script = join(ROOT, 'scripts/admin.ts')
    return (await promisify(execFile)(process.execPath, [script, ...args], { env })).stdout
  }

  const linkFor = async (handle: string): Promise<string> =>
    /https?:\S+\/admin\/accept#\S+/.exec(await npmRunAdmin('grant', handle))?.[0] ?? ''

  async function signUpAs({ page }: Person, handle: string): Promise<void> {
    await visit(page, app('/signup'))
    await page.getByLabel('Handle').fill(handle)
    await page.getByText('Available', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(page, `${stack.hosts.instanceOrigin(handle)}/`)
  }

  it('begins with a link that the server prints, after a sign-in, and a confirmation', async () => {
    const { page, picture } = person
    await signUpAs(person, 'boss')
    const link = await linkFor('boss')
    await person.context.clearCookies()
    // Otherwise the passkey that the page proposes is taken before anybody sees the page.
    await person.setPresence(false)
    await visit(page, link)
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    expect(page.url()).not.toContain(link.split('#')[1])
    await signInWithPasskey(person)
    await page.getByRole('heading', { name: 'Become an administrator' }).waitFor()
    expect(page.url()).toBe(app('/admin/accept'))
    expect(await violationsOf(page)).toEqual([])
    await picture('1-accept')
    await page.getByRole('button', { name: 'Accept as boss' }).click()
    await page.waitForURL(app('/admin'))
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    expect(await npmRunAdmin('list')).toMatch(/^boss /m)
  })

  it('says that sign-up is by invitation, and takes the code from a link', async () => {
    await admin.trpc.admin.settings.set.mutate({ name: 'sign_up', value: 'invite' })
    const { code, url } = await admin.trpc.admin.invites.create.mutate({ note: 'for the guest' })
    const guest = await chromium.newPerson('administration')
    await visit(guest.page, stack.url)
    await guest.page.getByText('Sign-up is by invitation').waitFor()
    await guest.picture('2-landing-invite')
    await visit(guest.page, app('/signup'))
    await guest.page.getByLabel('Handle').fill('guest')
    await guest.page.getByText('Available', { exact: true }).first().waitFor()
    expect(await guest.page.getByRole('button', { name: 'Create passkey' }).isDisabled()).toBe(true)
    await guest.page.getByLabel('Invite code').fill('aaaa-bbbb-cccc-dddd')
    await guest.page.getByRole('button', { name: 'Create passkey' }).click()
    await guest.page.getByText('This invite code is wrong, used up or expired.').waitFor()
    expect(await violationsOf(guest.page)).toEqual([])
    await guest.picture('3-signup-invite')
    await visit(guest.page, url)
    await expect.poll(() => guest.page.getByLabel('Invite code').inputValue()).toBe(code)
    await guest.page.getByLabel('Handle').fill('guest')
    await guest.page.getByText('Available', { exact: true }).first().waitFor()
    await guest.page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(guest.page, `${stack.hosts.instanceOrigin('guest')}/`)

    const found = await admin.trpc.admin.people.get.query({ handle: 'guest' })
    const selection = { ids: [found.id] }
    const { token } = await admin.trpc.admin.people.preview.mutate({ action: 'suspend', selection })
    const reason = 'You sent spam to everybody.'
    await admin.trpc.admin.people.suspend.mutate({ ids: [found.id], token, reason })
    await visit(guest.page, `${stack.hosts.instanceOrigin('guest')}/`)
    await guest.page.getByRole('heading', { name: 'guest’s computer is suspended' }).waitFor()
    await guest.picture('4-suspended-host')
    await visit(guest.page, app('/login'))
    await signInWithPasskey(guest)
    await guest.page.getByText(`Reason: ${reason}`).waitFor()
    await guest.picture('5-suspended-login')
  })

  it('says that sign-up is closed', async () => {
    await admin.trpc.admin.settings.set.mutate({ name: 'sign_up', value: 'closed' })
    const guest = await chromium.newPerson('administration')
    await visit(guest.page, app('/signup'))
    await guest.page.getByRole('heading', { name: 'Sign-up is closed' }).waitFor()
    expect(await violationsOf(guest.page)).toEqual([])
    await guest.picture('6-signup-closed')
  })
})
