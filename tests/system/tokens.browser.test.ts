/** Tokens and devices as a person meets them in the settings, in Chromium. */
import { createApiClient, signUp } from '@matrixos/client'
import { ERRORS } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refusal } from '../support/api-error.ts'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, signUpInBrowser, visit } from '../support/chromium.ts'
import { startProgram } from '../support/program.ts'
import { bootStack, type Stack } from '../support/stack.ts'

/** The api's answer to the next call of a procedure, as if so many minutes had passed. */
async function failOnce(page: Page, path: string, code: 'step_up_required'): Promise<void> {
  const error = { code, message: 'Confirm that it is you.' }
  const data = { code: ERRORS[code].trpc, httpStatus: ERRORS[code].http, path, error }
  const json = [{ error: { message: error.message, code: -32003, data } }]
  const answer = (route: Route) => route.fulfill({ status: ERRORS[code].http, json })
  await page.route(`**/trpc/${path}*`, answer, { times: 1 })
}

describeReal(['chromium'], 'tokens on the pages', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  it('are made, shown once, used and revoked', async () => {
    const { page, picture } = await chromium.newPerson('tokens')
    await signUpInBrowser(page, stack.hosts, 'maker')
    await visit(page, `${stack.hosts.appOrigin}/settings/tokens`)
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor()
    await picture('empty')
    await page.getByRole('button', { name: 'Create token' }).click()
    const dialog = page.getByRole('dialog')
    const create = dialog.getByRole('button', { name: 'Create token' })
    await dialog.getByLabel('Name').fill('backup script')
    expect(await create.isDisabled()).toBe(true)
    await dialog.getByLabel('See your computer’s state').check()
    // Nobody is offered what their account does not have.
    expect(await dialog.getByLabel('Suspend accounts', { exact: false }).count()).toBe(0)
    await dialog.getByText('30 days').click()
    await picture('create')
    expect(await violationsOf(page)).toEqual([])
    await failOnce(page, 'tokens.create', 'step_up_required')
    await create.click()
    // What was filled in is still there when it goes on.
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await dialog.getByRole('heading', { name: 'Copy your token now' }).waitFor()
    const token = (await dialog.locator('code').textContent()) ?? ''
    expect(token).toMatch(/^mos_[\w-]{49}$/)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Copy token' }).waitFor()
    await picture('shown-once')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByText('backup script').waitFor()
    expect(await page.content()).not.toContain(token.slice(8))

    const program = createApiClient({ url: stack.hosts.apiOrigin, token })
    expect((await program.tenants.mine.query()).handle).toBe('maker')
    await page.reload()
    await page.getByText(/Last used just now/).waitFor()
    await picture('list')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Revoke backup script' }).click()
    await picture('revoke')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor()
    expect((await refusal(program.tenants.mine.query())).status).toBe(401)
  })

  it('let a terminal in that a person approves', async () => {
    const { page, picture } = await chromium.newPerson('device')
    await signUpInBrowser(page, stack.hosts, 'holder')
    await using program = startProgram('tests/clients/log-in.ts', { MATRIXOS_API: stack.hosts.apiOrigin })
    const [, code = ''] = await until('it prints its code', () => /the code (\S+)/.exec(program.output()))
    await visit(page, `${stack.hosts.appOrigin}/device`)
    await page.getByLabel('Code').fill('bbbb bbbb')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('This code is wrong').waitFor()
    await picture('wrong')
    await visit(page, `${stack.hosts.appOrigin}/device?code=${code.toLowerCase()}`)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Connect “log-in example”?' }).waitFor()
    await page.getByText('see your computer’s state').waitFor()
    await page.getByText('Did you start this yourself').waitFor()
    await picture('decision')
    expect(await violationsOf(page)).toEqual([])

    // It is this session's to decide, and nobody else's.
    const other = stack.client()
    await signUp({ client: other, authenticator: createAuthenticator(), handle: 'onlooker' })
    expect((await refusal(other.trpc.device.inspect.mutate({ userCode: code }))).status).toBe(404)

    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Device connected' }).waitFor()
    await picture('connected')
    expect(await program.ended, program.output()).toBe(0)
    expect(program.output()).toContain('holder is ')
    await page.getByRole('link', { name: 'See your tokens and devices' }).click()
    await page.getByText('log-in example').waitFor()
  })
})
