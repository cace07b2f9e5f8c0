/**
 * From the sign-up to a game that strangers play, in Chromium, on the embedded defaults and on Docker, Caddy and PostgreSQL:
 * the AI (the demonstration model) builds it, two people play, it is published, and its link wakes the computer.
 */
import { describeReal } from '@matrixos/testing/describe-real'
import type { FrameLocator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { openPart } from '../support/computer.ts'
import { bootStack, INSTANT_MODEL, STACKS, type Stack, TWO_DOMAIN_STACKS } from '../support/stack.ts'

const OWNER = 'ada'
const APP = 'tic-tac-toe'
const ASKED = 'Build me a tic-tac-toe game that two people can play together from different places.'
/** An open page of the computer or of an app keeps it awake; nothing here relies on its being short. */
const IDLE_S = '6'
const SLEEPS_WITHIN_MS = 120_000

type Board = Pick<FrameLocator, 'getByText' | 'getByRole' | 'locator'>

const play = (board: Board, row: number, column: number) =>
  board.getByRole('button', { name: `Row ${row}, column ${column}: empty` }).click()

const stacks = [
  ...STACKS.filter(({ parts }) => parts === 'embedded'),
  ...TWO_DOMAIN_STACKS.filter(({ parts }) => parts === 'real'),
]

for (const { name, parts, needs, domains } of stacks) {
  describeReal([...needs, 'chromium'], `from the AI to a published game (${name})`, () => {
    let stack: Stack
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let owner: Person
    let other: Person
    let stranger: Person
    beforeAll(async () => {
      stack = await bootStack({
        parts,
        ...(domains && { domains }),
        env: { IDLE_LIMIT_S: IDLE_S, ...INSTANT_MODEL },
      })
      chromium = await launchChromium()
      owner = await chromium.newPerson(`ai-${name}`)
      other = await chromium.newPerson(`ai-${name}`)
      stranger = await chromium.newPerson(`ai-${name}`)
    })
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
    })
    const home = () => `${stack.hosts.instanceOrigin(OWNER)}/`
    const game = () => `${stack.hosts.instanceAppOrigin(OWNER, APP)}/`
    const framed = (): FrameLocator => owner.page.frameLocator('.window iframe')

    it('signs up, and asks the AI for a game, which is there as an app', async () => {
      const { page, picture } = owner
      await signUpInBrowser(page, stack.hosts, OWNER)
      await openPart(page, 'Chat')
      await picture('1-chat')
      await page.getByRole('textbox', { name: 'Message', exact: true }).fill(ASKED)
      await page.getByRole('button', { name: 'Send' }).click()
      const openIt = page.getByRole('button', { name: 'Open Tic-tac-toe' })
      await openIt.waitFor({ timeout: 60_000 })
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached', timeout: 60_000 })
      await picture('2-built')
      await openIt.click()
      await framed().getByText('You are alone here.').waitFor()
      await picture('3-app')
    })

    it('is played by two browsers in one room', async () => {
      // Its owner's other browser, where they are signed in as well.
      await other.context.addCookies(await owner.context.cookies())
      await visit(other.page, game())
      await other.page.getByText('2 people are here.').waitFor()
      await framed().getByText('2 people are here.').waitFor()
      await play(framed(), 1, 1)
      await other.page.getByText('Your turn: you are O.').waitFor()
      await play(other.page, 2, 2)
      await framed().getByText('Your turn: you are X.').waitFor()
      await other.picture('4-two-play')
    })

    it('lets no stranger in before it is published', async () => {
      const { page } = await chromium.newPerson(`ai-${name}`)
      await visit(page, game())
      await page.waitForURL(/\/login/)
    })

    it('is published by its owner with one click, from its own menu', async () => {
      const { page } = owner
      await page.getByRole('button', { name: 'More for Tic-tac-toe' }).last().click()
      const [published] = await Promise.all([
        page.context().waitForEvent('page'),
        page.getByRole('menuitem', { name: /Publish/ }).click(),
      ])
      await published.getByRole('heading', { name: 'Publish Tic-tac-toe' }).waitFor()
      await published.getByRole('button', { name: 'Publish' }).click()
      await published.getByRole('heading', { name: 'Tic-tac-toe is published' }).waitFor()
      await published.close()
    })

    it('opens for a browser without an account, which gets nowhere else', async () => {
      const { page, picture, context } = stranger
      await visit(page, game())
      await page.getByText('3 people are here.').waitFor()
      await picture('6-stranger')
      // Nothing of the platform's is left in that browser.
      expect((await context.cookies(game())).map(({ name: cookie }) => cookie)).toEqual([])
      await visit(page, home())
      await page.waitForURL(/\/login/)
      await visit(page, `${stack.hosts.instanceAppOrigin(OWNER, 'another')}/`)
      await page.waitForURL(/\/login/)
    })

    it('sleeps when everybody has left, and wakes for whoever follows the link', async () => {
      for (const { page } of [owner, other, stranger]) await page.goto('about:blank')
      await expect
        .poll(async () => (await stack.runOf(OWNER)) === '', { timeout: SLEEPS_WITHIN_MS, interval: 1_000 })
        .toBe(true)
      await visit(stranger.page, game())
      await stranger.page.getByText('You are alone here.').waitFor({ timeout: 60_000 })
      await stranger.picture('7-woken')
    })

    it('breaks no content security policy on the way', () => {
      const broken = [owner, other, stranger].flatMap(({ errors }) => errors)
      expect(broken.filter((text) => /content security policy/i.test(text))).toEqual([])
    })
  })
}
