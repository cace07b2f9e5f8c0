/** The administration's pages as an administrator meets them, in Chromium on the embedded stack with 10,000 people. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { signUp } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Page } from 'playwright-core'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { inspect, WIDE } from '../support/inspect.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { createTestDatabase } from '../support/test-database.ts'

const CROWD = 10_000
/** Rows of a screen, and those that are kept ready above and below. */
const MOST_ROWS = 60

/** People who signed up long ago, one second after the other, and never came back. */
async function seedPeople(databaseUrl: string) {
  const sql = postgres(databaseUrl, { max: 1 })
  await sql`insert into handles (handle) select 'crowd-' || n from generate_series(1, ${CROWD}) n`
  await sql`
    insert into users (id, handle, display_name, webauthn_id, created_at)
    select 'usr_' || lpad(n::text, 26, '0'), 'crowd-' || n, 'Crowd Person ' || n, decode(lpad(to_hex(n), 128, '0'), 'hex'),
           timestamptz '2026-01-01' + n * interval '1 second'
    from generate_series(1, ${CROWD}) n`
  await sql.end()
}

describeReal(['chromium', 'postgres'], "the administration's pages", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let page: Page
  let bob: PlatformClient
  beforeAll(async () => {
    database = await createTestDatabase(`matrixos_admin_${randomBytes(4).toString('hex')}`)
    stack = await bootStack({ parts: 'embedded', env: { DATABASE_URL: database.url } })
    await seedPeople(database.url)
    bob = stack.client()
    await signUp({ client: bob, authenticator: createAuthenticator(), handle: 'bob' })
    chromium = await launchChromium()
    person = await chromium.newPerson('admin', WIDE)
    page = person.page
    await signUpInBrowser(page, stack.hosts, 'ada')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
    await database?.drop()
  })

  const at = (path: string) => `${stack.hosts.appOrigin}${path}`
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const rows = () => page.getByRole('table', { name: 'People' }).getByRole('row')
  const search = async (text: string) => {
    await page.getByRole('searchbox', { name: 'Search' }).fill(text)
    await expect.poll(() => new URL(page.url()).searchParams.get('q') ?? '').toBe(text)
  }

  it('are not found by anybody else', async () => {
    await visit(page, at('/admin/people'))
    await heading('Page not found')
  })

  it('open to whoever the server made an administrator, whose secret leaves the address', async () => {
    await visit(page, at('/admin/accept'))
    await heading('This link is incomplete')
    const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
    const command = [join(ROOT, 'scripts/admin.ts'), 'grant', 'ada']
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })
    const url = /https?:\S+/.exec(stdout)?.[0] ?? ''
    await visit(page, url)
    await heading('Become an administrator')
    expect(page.url()).toBe(at('/admin/accept'))
    await inspect(person, 'accept')
    await button('Accept as ada').click()
    await heading('Overview')
  })

  it('show how the platform is doing', async () => {
    await page.getByText('10,002').waitFor()
    await page.getByText('awake of 2').waitFor()
    await inspect(person, 'overview')
  })

  it('list ten thousand people with the rows in view alone', async () => {
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await heading('People')
    await page.getByText('10,002 people').waitFor()
    await inspect(person, 'people')
    expect(await rows().count()).toBeLessThan(MOST_ROWS)
    // The oldest is the last of a hundred pages.
    const oldest = page.getByRole('link', { name: 'crowd-1', exact: true })
    await expect
      .poll(
        async () => {
          await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
          expect(await rows().count()).toBeLessThan(MOST_ROWS)
          return oldest.count()
        },
        { timeout: 90_000 },
      )
      .toBe(1)
  })

  it('find people on the server, with what was typed in the address', async () => {
    await search('person 4321')
    await page.getByText('1 person').waitFor()
    await page.getByRole('link', { name: 'crowd-4321' }).waitFor()
    await page.reload()
    await page.getByText('1 person').waitFor()
    await search('nobody like this')
    await page.getByRole('heading', { name: 'Nobody found' }).waitFor()
    await inspect(person, 'people-none')
  })

  it('suspend exactly those who were shown, for a reason', async () => {
    await search('crowd-77')
    await page.getByLabel('Select everybody found').check()
    await page.getByText('111 selected').waitFor()
    await page.getByLabel('Select crowd-7799', { exact: true }).uncheck()
    // Only people whom the list has shown stay selected.
    await page.getByText(/^\d+ selected$/).waitFor()
    await inspect(person, 'people-selected')
    await page.getByRole('button', { name: 'Clear' }).click()
    await search('')
    await page.getByLabel('Select ada').check()
    await page.getByLabel('Select bob').check()
    await page.getByText('2 selected').waitFor()
    await button('Actions').last().click()
    await page.getByRole('menuitem', { name: 'Suspend…', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('This affects 1 person').waitFor()
    await dialog.getByText('This is your own account.').waitFor()
    await inspect(person, 'people-suspend')
    await dialog.getByLabel('Reason').fill('Sent spam to everybody.')
    await dialog.getByRole('button', { name: 'Suspend' }).click()
    await page.getByText('1 person suspended.').waitFor()
    await rows().filter({ hasText: 'bob' }).getByText('Suspended').waitFor()
    const refused = await bob.trpc.tenants.mine.query().catch((error: unknown) => String(error))
    expect(refused).toMatch(/sign|suspended/i)
  })

  it('show one person, and let them in again', async () => {
    await page.getByRole('link', { name: 'bob', exact: true }).click()
    await heading('bob')
    await page.getByText('Sent spam to everybody.').first().waitFor()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByRole('button', { name: 'Refresh' }).waitFor()
    await inspect(person, 'person')
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await inspect(person, 'person-end')
    await button('Unsuspend…').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unsuspend' }).click()
    await page.getByText('1 person can sign in again.').waitFor()
    await button('Suspend…').waitFor()
  })

  it('issue a link for who lost everything, after a word of warning', async () => {
    await button('Issue a link…').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('outside the platform').waitFor()
    await inspect(person, 'enrolment')
    await dialog.getByLabel('How did they prove who they are?').fill('Video call with their passport.')
    await dialog.getByRole('button', { name: 'Issue the link' }).click()
    await dialog.getByLabel('Enrolment link', { exact: true }).waitFor()
    await inspect(person, 'enrolment-link')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Issue a link…')
  })

  it('make an invite and revoke it', async () => {
    await page.getByRole('link', { name: 'Invites', exact: true }).click()
    await page.getByRole('heading', { name: 'No invites yet' }).waitFor()
    await inspect(person, 'invites-none')
    await button('Create invite').click()
    await page.getByLabel('Note').fill('For the workshop')
    await page.getByLabel('How many people can use it').fill('30')
    await inspect(person, 'invite-form')
    await page.getByRole('dialog').getByRole('button', { name: 'Create invite' }).click()
    const link = await page.getByLabel('Invite link', { exact: true }).inputValue()
    expect(link).toContain('/signup?invite=')
    await button('Done').click()
    await page.getByText('0 of 30 used').waitFor()
    await inspect(person, 'invites')
    await button(/^Revoke /).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('heading', { name: 'No invites yet' }).waitFor()
  })

  it('switch sign-up at once, after asking where it hurts', async () => {
    await page.getByRole('link', { name: 'Platform', exact: true }).click()
    await heading('Platform')
    await inspect(person, 'platform')
    await page.getByRole('radio', { name: 'Closed' }).click()
    await inspect(person, 'platform-closed')
    await button('Cancel').click()
    expect(await page.getByRole('radio', { name: 'Open' }).isChecked()).toBe(true)
    await page.getByRole('radio', { name: 'Closed' }).click()
    await button('Close sign-up').click()
    await page.getByText('Sign-up is closed.').waitFor()
    expect(await page.getByRole('radio', { name: 'Closed' }).isChecked()).toBe(true)
    const late = signUp({ client: stack.client(), authenticator: createAuthenticator(), handle: 'late' })
    await expect(late).rejects.toThrow()
  })

  it('find what happened in the audit log', async () => {
    await page.getByRole('link', { name: 'Audit log', exact: true }).click()
    await heading('Audit log')
    await page.getByRole('searchbox', { name: 'Target' }).fill('bob')
    await page.getByLabel('Action').selectOption('account_suspended')
    const entries = page.getByRole('list', { name: 'Entries' }).getByRole('listitem')
    await expect.poll(() => entries.count()).toBe(1)
    await page.reload()
    await entries.getByText('Account suspended').click()
    await entries.getByText('Sent spam to everybody.').waitFor()
    await inspect(person, 'audit')
    await button('Clear').click()
    await entries.nth(5).waitFor()
    await inspect(person, 'audit-all')
  })

  it('log no error to the console', () => {
    expect(person.errors).toEqual([])
  })
})
