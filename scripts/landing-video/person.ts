/** Somebody in front of Chromium: a mouse pointer that is seen, fingers that type, a passkey in the pocket. */
import { setTimeout as delay } from 'node:timers/promises'
import { chromiumPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars']
const KEY_MS = 38
const STEPS = 18
/** About a second. */
const READING_STEPS = 40
const READING_STEP_MS = 16

export interface Size {
  width: number
  height: number
}

export interface Person {
  /** The tab in front. */
  page: Page
  /** Another tab comes to the front. */
  turnTo: (page: Page) => void
  /** Moves there and clicks. */
  click: (target: Locator) => Promise<void>
  type: (target: Locator, text: string) => Promise<void>
  /** Points there, slowly, as whoever reads it does. */
  read: (target: Locator) => Promise<void>
}

/** `resolve`: rules for names that lead to this machine. */
export async function openChromium(resolve: string): Promise<Browser> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new UserError('Chromium is missing: npm run setup:real installs it.')
  return await chromium.launch({
    executablePath,
    args: [...ARGS, `--host-resolver-rules=${resolve}`, '--ignore-certificate-errors'],
  })
}

export async function seat(browser: Browser, viewport: Size): Promise<Person> {
  // Without a window Chromium says that it is a machine, which wakes nobody's computer.
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`
  const context = await browser.newContext({ viewport, colorScheme: 'light', userAgent })
  await context.addInitScript(drawPointer)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  const person: Person = {
    page,
    turnTo: (next) => {
      person.page = next
    },
    click: async (target) => {
      await target.waitFor()
      const box = await target.boundingBox()
      if (box) await person.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: STEPS })
      await target.click()
    },
    read: async (target) => {
      await target.waitFor()
      const box = await target.boundingBox()
      if (!box) return
      for (let step = 0; step <= READING_STEPS; step++) {
        await person.page.mouse.move(box.x + (box.width * step) / READING_STEPS, box.y + box.height / 2)
        await delay(READING_STEP_MS)
      }
    },
    type: async (target, text) => {
      await person.click(target)
      await person.page.keyboard.type(text, { delay: KEY_MS })
    },
  }
  return person
}

/** Runs in every page. A screencast has no pointer, so the page draws one, above all and in nobody's way. */
function drawPointer(): void {
  if (window.top !== window) return
  const pointer = document.createElement('div')
  const style = {
    ...{ position: 'fixed', left: '0', top: '0', width: '18px', height: '18px', marginLeft: '-9px' },
    ...{ marginTop: '-9px', borderRadius: '50%', background: 'rgb(20 30 25 / 55%)', zIndex: '2147483647' },
    ...{ border: '2px solid white', boxShadow: '0 1px 4px rgb(0 0 0 / 40%)', pointerEvents: 'none' },
    ...{ opacity: '0', transition: 'scale 120ms' },
  }
  Object.assign(pointer.style, style)
  pointer.setAttribute('aria-hidden', 'true')
  // What a top layer shows, a popover covers.
  pointer.popover = 'manual'
  const place = (event: MouseEvent) => {
    if (!pointer.isConnected) document.documentElement.append(pointer)
    if (!pointer.matches(':popover-open')) pointer.showPopover()
    pointer.style.opacity = '1'
    pointer.style.transform = `translate(${event.clientX}px, ${event.clientY}px)`
  }
  addEventListener('mousemove', place, true)
  addEventListener('mousedown', () => Object.assign(pointer.style, { scale: '0.7' }), true)
  addEventListener('mouseup', () => Object.assign(pointer.style, { scale: '1' }), true)
}
