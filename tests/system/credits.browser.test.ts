/** AI credits as a person and an administrator meet them, in Chromium, with the demonstration model's real calls. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '@matrixos/host/root'
import { describeReal } from '@matrixos/testing/describe-real'
import { findProcesses } from '@matrixos/testing/processes'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'AI credits on the pages', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let admin: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    person = await chromium.newPerson('credits')
    admin = await chromium.newPerson('credits')
    await signUpInBrowser(person.page, stack.hosts, 'asker')
    await signUpInBrowser(admin.page, stack.hosts, 'giver')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })
  const app = (path = '/') => `${stack.hosts.appOrigin}${path}`

  /** What an instance is given to call AI with. */
  function aiOf(handle: string) {
    const [pid] = findProcesses(`MATRIX_HANDLE=${handle}`, stack.dataDir)
    const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const value = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
    return { url: value('ANTHROPIC_BASE_URL') ?? '', token: value('ANTHROPIC_API_KEY') ?? '' }
  }

  async function call(handle: string): Promise<number> {
    const { url, token } = aiOf(handle)
    const answer = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': token, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ model: 'claude-haiku-4-5', max_tokens: 100 },
        messages: [{ role: 'user', content: 'Hello' }],
      }),
    })
    await answer.text()
    return answer.status
  }

  async function isAccessible({ page, picture }: Person, name: string) {
    await picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect.soft(await violationsOf(page), `${name}, ${colorScheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }

  it('show a call by themselves, with its cost, and hand out a file of all', async () => {
    const { page } = person
    await visit(page, app('/settings/credits'))
    await page.getByText('You’ve used $0.00 of $5.00 free credits').first().waitFor()
    await page.getByText('A demonstration model answers').waitFor()
    await page.getByText('No calls yet').waitFor()
    await isAccessible(person, '1-empty')

    expect(await call('asker')).toBe(200)
    await page.getByText('You’ve used less than $0.01 of $5.00 free credits').first().waitFor()
    const calls = page.getByRole('list', { name: 'Calls', exact: true })
    await calls.getByText('claude-haiku-4-5').waitFor()
    await page.getByText('Show as a table').click()
    await page.getByRole('table').getByText('claude-haiku-4-5').waitFor()
    await page.locator('.recharts-surface').first().waitFor()
    await isAccessible(person, '2-one-call')

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download CSV' }).click()
    const file = readFileSync(await (await download).path(), 'utf8')
    expect(file.trim().split('\n')).toHaveLength(2)
    expect(file).toContain('claude-haiku-4-5')
  })

  it('take a request for more to an administrator, and the answer back', async () => {
    const { page } = person
    await page.getByRole('button', { name: 'Request more' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Amount').fill('20')
    await dialog.getByLabel('What are they for?').fill('For my class.')
    await isAccessible(person, '3-request')
    await dialog.getByRole('button', { name: 'Send request' }).click()
    await page.getByText('Waiting for an answer').waitFor()

    const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
    const script = join(ROOT, 'scripts/admin.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, 'grant', 'giver'], { env })
    await visit(admin.page, /https?:\S+\/admin\/accept#\S+/.exec(stdout)?.[0] ?? '')
    await admin.page.getByRole('button', { name: 'Accept as giver' }).click()
    await admin.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
    await visit(admin.page, app('/admin/credits'))
    await admin.page.getByText('“For my class.”').waitFor()
    await isAccessible(admin, '4-admin')
    await admin.page.getByRole('button', { name: 'Approve asker' }).click()
    const answer = admin.page.getByRole('dialog')
    await answer.getByLabel('Amount').fill('15')
    await answer.getByLabel('A word to them').fill('Have fun.')
    await isAccessible(admin, '5-approve')
    await answer.getByRole('button', { name: 'Grant' }).click()
    await admin.page.getByText('Nobody is waiting for an answer.').waitFor()

    await page.getByText('You’ve used less than $0.01 of $20.00 free credits').first().waitFor()
    await page.getByText('Have fun.').waitFor()
    await isAccessible(person, '6-granted')
  })

  it('let an administrator set a person’s limits and a model’s price', async () => {
    const { page } = admin
    await visit(page, app('/admin/people/asker'))
    await page.getByRole('button', { name: 'Set limits' }).click()
    await page.getByRole('dialog').getByLabel('Calls a minute').fill('0')
    await isAccessible(admin, '7-limits')
    await page.getByRole('dialog').getByRole('button', { name: 'Set limits' }).click()
    await page.getByText('set for them').waitFor()

    await visit(page, app('/admin/prices?q=claude-haiku-4-5'))
    await page.getByRole('button', { name: 'Edit the price of claude-haiku-4-5' }).first().click()
    await page.getByRole('dialog').getByLabel('Output').first().fill('6.5')
    await isAccessible(admin, '8-price')
    await page.getByRole('dialog').getByRole('button', { name: 'Set price' }).click()
    await page.getByText('$6.50').first().waitFor()
    await isAccessible(admin, '9-prices')
    expect(person.errors).toEqual([])
    expect(admin.errors).toEqual([])
  })
})
