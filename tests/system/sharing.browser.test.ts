/** Sharing one's computer, in Chromium on the embedded stack: invited, looking around, and out again. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { arriveAt, launchChromium, type Person } from '../support/chromium.ts'
import { openPart } from '../support/computer.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'sharing', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let owner: Person
  let viewer: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    owner = await signUp('olga')
    viewer = await signUp('vera')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`

  async function signUp(handle: string): Promise<Person> {
    const person = await chromium.newPerson('sharing')
    await person.page.goto(at('app', '/signup'))
    await person.page.getByLabel('Handle').fill(handle)
    await person.page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(person.page, at(handle))
    return person
  }

  it('refuses whoever was not invited', async () => {
    await viewer.page.goto(at('olga'))
    await viewer.page.getByRole('heading', { name: 'This is olga’s computer' }).waitFor()
  })

  it('says what is wrong with an invitation, and lets somebody in', async () => {
    const { page } = owner
    await page.goto(at('app', '/settings/sharing'))
    await page.getByText('Only you can see it.').waitFor()
    await owner.picture('1-nobody')
    await page.getByLabel('Their handle').fill('nobody-here')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText('There is nobody called nobody-here here.').waitFor()
    await page.getByLabel('Their handle').fill('vera')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByRole('button', { name: 'Remove vera' }).waitFor()
    await owner.picture('2-one')
    expect(await violationsOf(page)).toEqual([])
  })

  it('lets a viewer look around, change nothing, and not see the note pad', async () => {
    const { page } = viewer
    await page.goto(at('app'))
    const open = page.getByRole('link', { name: 'Open olga’s computer' })
    await open.waitFor()
    await viewer.picture('3-dashboard')
    expect(await violationsOf(page)).toEqual([])
    await open.click()
    await arriveAt(page, at('olga'))
    await page.getByText('Viewing as vera').waitFor()
    await page.getByText('Awake', { exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Settings' }).count()).toBe(0)
    await openPart(page, 'Note pad')
    expect(await page.locator('#pad-state').textContent()).toBe('Private')
    expect(await page.locator('#pad-text').isDisabled()).toBe(true)
    await openPart(page, 'Console')
    await page.locator('#console-input').fill('echo mine > README.md')
    await page.keyboard.press('Enter')
    await page.locator('#console-log pre.failed', { hasText: 'Only the owner can change anything' }).waitFor()
    await viewer.picture('4-viewing')
    expect(await violationsOf(page)).toEqual([])
  })

  it('opens the note pad once the owner allows it', async () => {
    const allow = owner.page.getByLabel('vera may read and write the note pad')
    await allow.click()
    await expect.poll(() => allow.isChecked()).toBe(true)
    await expect.poll(() => allow.isEnabled()).toBe(true)
    await viewer.page.reload()
    await openPart(viewer.page, 'Note pad')
    await viewer.page.locator('#pad-state', { hasText: 'Saved' }).waitFor()
    await viewer.page.locator('#pad-text').fill('from vera')
    await owner.page.goto(at('olga'))
    await openPart(owner.page, 'Note pad')
    await expect.poll(() => owner.page.locator('#pad-text').inputValue()).toBe('from vera')
    await owner.page.goto(at('app', '/settings/sharing'))
  })

  it('cuts a viewer off who is looking, and takes the removal back on request', async () => {
    const { page } = owner
    await page.getByRole('button', { name: 'Remove vera' }).click()
    await viewer.page.locator('#state-word', { hasText: /Signed out|Reconnecting/ }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Remove vera' }).waitFor()
    await viewer.page.goto(at('olga'))
    await viewer.page.getByText('Viewing as vera').waitFor()
  })

  it('lets a viewer leave', async () => {
    const { page } = viewer
    await page.goto(at('app', '/settings/sharing'))
    await page.getByRole('button', { name: 'Leave olga’s computer' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await page.getByText('Nobody has shared their computer with you yet.').waitFor()
  })
})
