/** An account in three browsers, one of them a phone's: a second passkey, the first one lost, and the thief put out. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { arriveAt, DEVICES, launchChromium, type Person, signUpInBrowser } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const HANDLE = 'nora'
/** What a computer's page holds open: `/ws/shell` and `/ws/apps`. */
const SOCKETS = 2
/** Within this time the end of a session reaches what is open to it. */
const REVOKED_MS = 5_000

/** WebSockets that a page opens from now on: how many are open, and when the last of them ended. */
function watchSockets(page: Page) {
  const open = new Set<unknown>()
  const ends: number[] = []
  page.on('websocket', (socket) => {
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      ends.push(performance.now())
    })
  })
  return { open: () => open.size, lastEnd: () => ends.at(-1) ?? Number.POSITIVE_INFINITY }
}

describeReal(['chromium'], 'an account in three browsers', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let laptop: Person
  let office: Person
  let phone: Person
  let codes: string[] = []
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    laptop = await chromium.newPerson('identity')
    office = await chromium.newPerson('identity-office')
    phone = await chromium.newPerson('identity-phone')
    await phone.page.setViewportSize(DEVICES.phone)
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const app = (path: string) => `${stack.hosts.appOrigin}${path}`
  const computer = () => `${stack.hosts.instanceOrigin(HANDLE)}/`
  const passkeys = (page: Page) => page.getByRole('button', { name: /^Rename / })

  async function recover({ page }: Person, code = '') {
    await page.goto(app('/recover'))
    await page.getByLabel('Handle').fill(HANDLE)
    await page.getByLabel('Recovery code').fill(code)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'You’re in' }).waitFor()
  }
  async function openComputer({ page }: Person) {
    await page.goto(computer())
    await arriveAt(page, computer())
    await page.locator('#state-word', { hasText: 'Awake' }).waitFor()
  }

  it('begins on a laptop, with a second passkey and recovery codes', async () => {
    const { page } = laptop
    await signUpInBrowser(page, stack.hosts, HANDLE)
    await page.goto(app('/settings/security'))
    await passkeys(page).waitFor()
    // The first one is lost with its device from here on.
    await laptop.newDevice()
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await expect.poll(() => passkeys(page).count()).toBe(2)
    await page.getByRole('button', { name: 'Create recovery codes' }).click()
    const list = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await expect.poll(() => list.count()).toBe(10)
    codes = await list.allInnerTexts()
  })

  it('goes on in a second browser, and on a phone, by recovery codes', async () => {
    await recover(office, codes[0])
    await recover(phone, codes[1])
    await phone.page.getByRole('button', { name: 'Add a passkey' }).click()
    await phone.page.getByRole('heading', { name: 'Security' }).waitFor()
    await expect.poll(() => passkeys(phone.page).count()).toBe(3)
  })

  it('is put out on the stolen laptop from the phone, within seconds, and nowhere else', async () => {
    const sockets = { laptop: watchSockets(laptop.page), office: watchSockets(office.page) }
    await openComputer(laptop)
    await openComputer(office)
    await expect.poll(() => [sockets.laptop.open(), sockets.office.open()]).toEqual([SOCKETS, SOCKETS])
    const { page } = phone
    await page.reload()
    const stolen = page.getByRole('listitem').filter({ hasText: 'with a passkey' })
    await phone.picture('sessions')
    await page.setViewportSize(DEVICES.phone)
    await stolen.getByRole('button', { name: /^Sign out/ }).click()
    await page.getByText(/is signed out\.$/).waitFor()
    const revoked = performance.now()
    await expect.poll(() => sockets.laptop.open()).toBe(0)
    expect(sockets.laptop.lastEnd() - revoked).toBeLessThan(REVOKED_MS)
    await laptop.page.locator('#state-word', { hasText: 'Signed out' }).waitFor()
    // All connections to the computer are closed, and whoever is still signed in comes back by itself.
    await office.page.locator('#state-word', { hasText: 'Awake' }).waitFor()
    await expect.poll(() => sockets.office.open()).toBe(SOCKETS)
  })

  it('lets nobody back in there by what is kept, and the phone by its passkey', async () => {
    await laptop.setPresence(false)
    await laptop.page.goto(computer())
    await laptop.page.waitForURL(/\/login\?next=/)
    const { page } = phone
    for (const left of [2, 1]) {
      await page
        .getByRole('button', { name: /^Remove / })
        .first()
        .click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await expect.poll(() => passkeys(page).count()).toBe(left)
    }
    await phone.page.context().clearCookies()
    await page.goto(app('/login'))
    await page
      .getByRole('button', { name: 'Sign in with a passkey' })
      .click({ timeout: 5_000 })
      .catch(() => undefined)
    await page.getByRole('heading', { name: `Hello, ${HANDLE}` }).waitFor()
  })
})
