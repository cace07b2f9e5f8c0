/** The chat in Chromium, with the demonstration model behind the real AI proxy: an app is made, and nothing that can go wrong goes unsaid. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { findProcesses } from '@matrixos/testing/processes'
import type { WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Computer, HANDLE, openComputer } from '../support/computer.ts'

describeReal(['chromium'], 'the chat', () => {
  let computer: Computer
  let home = ''
  const connections = new Set<WebSocketRoute>()
  const field = () => computer.page.getByRole('textbox', { name: 'Message' })
  const button = (name: string | RegExp) => computer.page.getByRole('button', { name })
  const said = (text: string | RegExp) => computer.page.locator('.answer').last().getByText(text)
  const say = async (text: string) => {
    await field().fill(text)
    await field().press('Enter')
  }
  const begin = async () => {
    await button('New').first().click()
    await computer.page.getByRole('heading', { name: `Hello, ${HANDLE}.` }).waitFor()
  }
  const isAccessible = async (name: string) => {
    await computer.person.picture(name)
    expect.soft(await computer.violations(), name).toEqual([])
  }
  /** Of this computer: a child of its own process. */
  const chatProcess = (): number => {
    const [parent] = findProcesses(`MATRIX_HANDLE=${HANDLE}`, computer.stack.dataDir)
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
    const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('chat.mjs'))
    if (!found) throw new Error('There is no process of the chat.')
    return Number(found)
  }

  beforeAll(async () => {
    computer = await openComputer('chat', { ALLOW_HOST_SHELL: '1', AI_CREDITS_USD: '0.12' })
    home = join(computer.stack.dataDir, 'instances', HANDLE, HOME_FOLDER)
    await computer.page.routeWebSocket('**/ws/**', (connection) => {
      connections.add(connection)
      connection.connectToServer()
    })
    await computer.page.reload()
    await computer.isAwake()
    await computer.openPart('Chat')
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())

  it('teaches what there is to ask, and makes an app that can be opened', async () => {
    await computer.page.getByRole('heading', { name: `Hello, ${HANDLE}.` }).waitFor()
    await isAccessible('1-empty')
    await button(/^A pixel clock/).click()
    await computer.page
      .getByText(/^Writing apps\/pixel-clock/)
      .first()
      .waitFor()
    await computer.person.picture('2-at-work')
    await button('Open Pixel clock').waitFor()
    await said('This was a demonstration.').waitFor()
    // What it cost came after the stream, and what is left is in the bar.
    await computer.page
      .locator('.answer .cost')
      .filter({ hasText: /^\$0\.0\d+ · \$0\.\d+ left$/ })
      .waitFor()
    await computer.page.getByText(/of \$0\.12 used/).waitFor()
    await isAccessible('3-made')
    expect(readdirSync(join(home, 'apps/pixel-clock')).sort()).toEqual([
      'app.js',
      'app.json',
      'index.html',
      'style.css',
    ])
    await button('Open Pixel clock').click()
    await computer.page.frameLocator('iframe').locator('#clock').waitFor()
    await computer.person.picture('4-opened')
    await button(/^Close /)
      .last()
      .click()
    await field().waitFor()
  })

  it('takes back what it wrote', async () => {
    const row = computer.page.locator('.tool-call').filter({ hasText: 'apps/pixel-clock/app.js' })
    await row.getByRole('button', { name: 'Undo' }).click()
    await row.getByText('taken back').waitFor()
    expect(readdirSync(join(home, 'apps/pixel-clock'))).not.toContain('app.js')
  })

  it('asks before it deletes, and does what it may', async () => {
    await begin()
    writeFileSync(join(home, 'old.txt'), 'old')
    await say('Run `rm old.txt`')
    await computer.page.getByRole('group', { name: 'May I?' }).waitFor()
    await isAccessible('5-question')
    await button('Deny').click()
    await said(/The owner said no/)
      .first()
      .waitFor()
    expect(readdirSync(home)).toContain('old.txt')
    await button('Answer again').last().click()
    await button('Allow once').click()
    await expect.poll(() => readdirSync(home)).not.toContain('old.txt')
    await computer.page.getByText('2 of 2').waitFor()
  })

  it('stops in the middle of an answer, and keeps what was said', async () => {
    await begin()
    await say('Build me a guestbook')
    await said(/This is a demonstration model/).waitFor()
    await field().press('Escape')
    await said('You stopped me here.').waitFor()
    await said(/This is a demonstration model/).waitFor()
    expect(readdirSync(join(home, 'apps'))).not.toContain('guestbook')
  })

  it('goes to the newest when something is said, and sends a change with the same key', async () => {
    const { page } = computer
    await begin()
    await say(`Please ${'read this long message '.repeat(100)}`)
    await page.locator('.answer .cost').waitFor()
    await page.locator('.thread').evaluate((thread) => thread.scrollTo(0, 0))
    await button('To the newest').waitFor()
    await say('hello')
    await said(/Hello! It is good to see you here/).waitFor()
    await button('To the newest').waitFor({ state: 'detached' })
    await button('Edit message').last().click()
    await page.getByRole('textbox', { name: 'Edit message' }).fill('thanks')
    await page.keyboard.press('Enter')
    await said('You are welcome.').waitFor()
    await page.getByText('2 of 2').waitFor()
  })

  it('says so when its process is killed in the middle of a command, and goes on', async () => {
    await begin()
    await say('Run `sleep 300; touch late.txt`')
    await computer.page.locator('.tool-call[data-state=running]').waitFor()
    process.kill(chatProcess(), 'SIGKILL')
    await said(/I was stopped in the middle of this answer/).waitFor()
    await isAccessible('6-killed')
    expect(readdirSync(home)).not.toContain('late.txt')
    await say('hello')
    await said(/Hello! It is good to see you here/).waitFor()
  })

  it('keeps what is written without a connection, over a reload too, and sends it once', async () => {
    const { page, person } = computer
    await begin()
    await say('hello')
    await said(/Hello!/).waitFor()
    await person.context.setOffline(true)
    for (const connection of connections) await connection.close({ code: 3000 })
    await page.getByText('I lost the connection.', { exact: false }).first().waitFor()
    await say('thanks, offline')
    await field().fill('a draft')
    await page.getByText('I’ll get this as soon as we’re connected again.').waitFor()
    await person.picture('7-offline')
    await person.context.setOffline(false)
    await said('You are welcome.').waitFor()
    await page.reload()
    await computer.isAwake()
    await said('You are welcome.').waitFor()
    expect(await page.locator('.said').filter({ hasText: 'thanks, offline' }).count()).toBe(1)
    expect(await field().inputValue()).toBe('a draft')
  })

  it('finds, throws away and brings back a conversation', async () => {
    const { page } = computer
    await page.getByRole('searchbox').fill('good to see you')
    await page.locator('.list .pick').first().waitFor()
    await page.getByRole('searchbox').fill('')
    await button('Delete hello').first().click()
    await page.getByText('“hello” is in the trash.').waitFor()
    await button('Undo').click()
    await page.locator('.list').getByText('hello', { exact: true }).waitFor()
  })

  it('says when the credits are used up, and what to do then', async () => {
    const words = /AI credits (are used up|is not enough)/
    const ending = computer.page.locator('.ending').filter({ hasText: words })
    const answered = computer.page.locator('.answer .cost')
    // The last answer that is paid for is cut to what is left; before that, some may be set aside for one that was stopped.
    for (let number = 0; number < 8 && !(await ending.isVisible()); number++) {
      await begin()
      await say('#scripted {"words": 60000, "eventDelayMs": 0}\nSay a lot')
      await answered.or(computer.page.locator('.ending')).first().waitFor()
    }
    await ending.waitFor()
    await isAccessible('8-exhausted')
    expect(await ending.getByRole('link', { name: 'Request more' }).getAttribute('href')).toBe(
      '/.mos/more-credits',
    )
    expect(await ending.getByRole('link', { name: 'Use your own key' }).getAttribute('href')).toBe(
      '/.mos/own-key',
    )
    expect(await ending.getByRole('button', { name: 'Try again' }).isEnabled()).toBe(true)
  })
})
