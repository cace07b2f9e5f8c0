/** The system's Chromium with a passkey authenticator of its own. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumPath } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import type { Hosts } from '@matrixos/shared'
import {
  type BrowserContext,
  type ConsoleMessage,
  chromium,
  type Page,
  type Request,
  type Response,
} from 'playwright-core'
import { RESOLVER_RULES } from './domains.ts'
import { unwatching } from './unwatching.ts'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]
/** Made-up names lead here, and Caddy's own authority counts. */
const MADE_UP = [`--host-resolver-rules=${RESOLVER_RULES}`, '--ignore-certificate-errors']
/** Its own attempts would come between those of the tests. */
const NO_RELOAD = ['--disable-auto-reload']
const QUIET = ['--disable-component-update', '--disable-sync']
const MOST_VISITS = 10
/** A page of the platform is shown in less, on the busiest machine. */
export const SHOWN_MS = 15_000
/** Pictures of each step; looked at by people, not compared. */
const PICTURES = join(ROOT, 'test-results')
/** Drawing them takes much of such a test's time, and nobody looks at those of CI. */
const TAKES_PICTURES = process.env.CI !== 'true' || process.env.TEST_PICTURES === '1'

export const DEVICES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const

interface Size {
  width: number
  height: number
}

export interface Person {
  page: Page
  context: BrowserContext
  /** Saves what the page shows now, in every size and colour scheme; in CI only with `TEST_PICTURES=1`. */
  picture: (name: string) => Promise<void>
  /** Lets the authenticator answer, or leaves its prompt unanswered. */
  setPresence: (isPresent: boolean) => Promise<void>
  /** The authenticator is lost with all it holds, and the person has a new one. */
  newDevice: () => Promise<void>
  /** The passkeys in the authenticator: which site each belongs to, and its id. */
  passkeys: () => Promise<{ rpId: string; id: string }[]>
  /** What the pages wrote to the console as errors. */
  errors: string[]
}

/**
 * No fault of the page: a load that was given up because this machine's networks changed, and styles that the
 * accessibility checker tries where it could not read a sheet, from a script without an address.
 */
const isOfTheTest = (message: ConsoleMessage): boolean =>
  message.text().includes('ERR_NETWORK_CHANGED') ||
  (message.location().url === '' && message.text().includes('Content Security Policy'))

export async function launchChromium() {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('Chromium is missing: npm run setup:real installs it.')
  const browser = await chromium.launch({
    ...unwatching(executablePath),
    args: [...ARGS, ...MADE_UP, ...NO_RELOAD, ...QUIET],
  })
  // As a browser with a window: what says of itself that it is headless counts as a program.
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`
  return {
    /** `folder`: of their pictures. */
    newPerson: async (folder: string, desktop: Size = DEVICES.desktop): Promise<Person> => {
      const context = await browser.newContext({ viewport: desktop, userAgent, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' && !isOfTheTest(message)) errors.push(message.text())
      })
      return {
        page,
        context,
        errors,
        picture: pictures(page, join(PICTURES, folder), { ...DEVICES, desktop }),
        ...(await authenticator(page)),
      }
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** As `goto`; also says whether a script or a style of the page never came, because this machine's networks changed. */
async function open(page: Page, url: string): Promise<{ response: Response | null; isWhole: boolean }> {
  let isWhole = true
  const onFailed = (request: Request) => {
    if (
      ['script', 'stylesheet'].includes(request.resourceType()) &&
      request.failure()?.errorText.includes('ERR_NETWORK_CHANGED')
    )
      isWhole = false
  }
  page.on('requestfailed', onFailed)
  try {
    const response = await page.goto(url)
    return { response, isWhole }
  } finally {
    page.off('requestfailed', onFailed)
  }
}

/** Opens an address; once more whenever Chromium gave up because this machine's networks changed, as Docker's do. */
export async function visit(page: Page, url: string): Promise<Response | null> {
  for (let tries = 1; ; tries++) {
    try {
      const { response, isWhole } = await open(page, url)
      if (isWhole || tries === MOST_VISITS) return response
    } catch (error) {
      if (
        tries === MOST_VISITS ||
        !/ERR_NETWORK_CHANGED|is interrupted by another navigation/.test(String(error))
      )
        throw error
      // What interrupted it may lead to the same place: another try at once would only interrupt that.
      if (/is interrupted/.test(String(error))) {
        await page.waitForLoadState('load', { timeout: 5_000 }).catch(() => undefined)
        if (page.url() === url) return null
      }
    }
  }
}

/**
 * Waits until the page has come to an address by itself. Where Chromium gave up on the way, because this machine's
 * networks changed as a container started, it goes there once more, as a browser with a window does by itself.
 * `from`: what leads there, where the address itself is not known.
 */
export async function arriveAt(
  page: Page,
  url: string | RegExp,
  { from = String(url), timeoutMs = 60_000 }: { from?: string; timeoutMs?: number } = {},
): Promise<void> {
  await page.waitForURL(url, { timeout: timeoutMs }).catch(async (error: unknown) => {
    const gaveUp = /ERR_NETWORK_CHANGED/.test(String(error)) || page.url().startsWith('chrome-error:')
    if (!gaveUp) throw error
    await visit(page, from)
    await page.waitForURL(url, { timeout: timeoutMs })
  })
}

/** Makes an account with a passkey, as a person does. Resolves in the instance, once it greets its owner. */
export async function signUpInBrowser(page: Page, hosts: Hosts, handle: string): Promise<void> {
  const field = page.getByLabel('Handle')
  // The page's own part is loaded once the page is there, and may be what Chromium gave up.
  for (let visits = 1; visits < MOST_VISITS; visits++) {
    await visit(page, `${hosts.appOrigin}/signup`)
    const isThere = await field.waitFor({ timeout: SHOWN_MS }).then(
      () => true,
      () => false,
    )
    if (isThere) break
  }
  await field.fill(handle)
  await page.getByRole('button', { name: 'Create passkey' }).click()
  await arriveAt(page, `${hosts.instanceOrigin(handle)}/`, { timeoutMs: 120_000 })
  await page.getByRole('heading', { name: `Welcome, ${handle}` }).waitFor({ timeout: 60_000 })
}

/**
 * Signs in on the sign-in page, for a person whose presence was off until now. The page may sign in by itself from then
 * on, and the button be gone before it is clicked: what comes of it is for the caller to await.
 */
export async function signInWithPasskey({ page, setPresence }: Person): Promise<void> {
  await setPresence(true)
  const button = page.getByRole('button', { name: 'Sign in with a passkey' })
  await button.click({ timeout: 5_000 }).catch(() => undefined)
}

type Device = Pick<Person, 'setPresence' | 'newDevice' | 'passkeys'>

async function authenticator(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const add = () =>
    session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  let { authenticatorId } = await add()
  return {
    setPresence: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    newDevice: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
      authenticatorId = (await add()).authenticatorId
    },
    passkeys: async () => {
      const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId })
      return credentials.map(({ rpId = '', credentialId }) => ({ rpId, id: credentialId }))
    },
  }
}

/** Colours fade from one scheme to the other: waits until nothing moves but what moves for ever. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const ending = document
    .getAnimations()
    .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  await Promise.allSettled(ending.map((one) => one.finished))
}

function pictures(page: Page, folder: string, devices: Record<keyof typeof DEVICES, Size>) {
  const still = { colorScheme: 'light', reducedMotion: 'reduce' } as const
  // Whoever looks at the page next finds the same, whether pictures were taken or not.
  const leave = async () => {
    await page.setViewportSize(devices.desktop)
    await page.emulateMedia(still)
    await page.evaluate(settled)
  }
  if (!TAKES_PICTURES) return leave
  mkdirSync(folder, { recursive: true })
  return async (name: string) => {
    for (const [device, size] of Object.entries(devices)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(size)
        await page.emulateMedia({ ...still, colorScheme })
        await page.evaluate(settled)
        await page.screenshot({ path: join(folder, `${name}-${device}-${colorScheme}.png`) })
      }
    }
    await leave()
  }
}
