/** Channels and schedules in the settings of a computer, in Chromium, with services that speak as the real ones do. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ChannelServices,
  DISCORD_TOKEN,
  SLACK_SECRET,
  SLACK_TOKEN,
  startChannelServices,
  TELEGRAM_TOKEN,
} from '@matrixos/testing/channel-services'
import { describeReal } from '@matrixos/testing/describe-real'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Computer, HANDLE, openComputer } from '../support/computer.ts'
import { INSTANT_MODEL } from '../support/stack.ts'

describeReal(['chromium'], 'channels and schedules in the settings', () => {
  let services: ChannelServices
  let computer: Computer
  const part = (name: string) => computer.page.getByRole('region', { name, exact: true })
  const service = (name: string) => part('Channels').getByRole('listitem', { name, exact: true })
  const config = () => join(computer.stack.dataDir, 'instances', HANDLE, 'matrixos/config.json')
  const violations = () => computer.violations()
  const press = (where: Locator, name: string) => where.getByRole('button', { name, exact: true }).click()

  beforeAll(async () => {
    services = await startChannelServices()
    computer = await openComputer('channels', { ...services.env, ...INSTANT_MODEL })
    await computer.openPart('Settings')
  })
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]()
    await services?.[Symbol.asyncDispose]()
  })

  it('says which token is not right, connects one that is, and lets the first person in by a code', async () => {
    const telegram = service('Telegram')
    await press(telegram, 'Connect Telegram')
    await telegram.getByLabel('Token').fill('123')
    await press(telegram, 'Connect')
    await telegram.getByText('expected the token of a bot').waitFor()
    expect(await violations()).toEqual([])
    await telegram.scrollIntoViewIfNeeded()
    await computer.person.picture('connect')
    await telegram.getByLabel('Token').fill(TELEGRAM_TOKEN)
    await press(telegram, 'Connect')
    await telegram.getByText('Waiting for you').waitFor()
    await telegram.getByText('@local_test_bot', { exact: true }).waitFor()
    const code = (await telegram.locator('code').textContent()) ?? ''
    await telegram.scrollIntoViewIfNeeded()
    await computer.person.picture('pairing')
    expect((await services.writeOnTelegram(code)).status).toBe(200)
    // The page looks by itself.
    await telegram.getByText('Connected', { exact: true }).waitFor()
    await telegram.getByRole('listitem').filter({ hasText: 'Ada' }).waitFor()
  })

  it('shows step by step what is left to do where a service takes nothing from a computer', async () => {
    const slack = service('Slack')
    await press(slack, 'Connect Slack')
    await slack.getByLabel('Bot user OAuth token').fill(SLACK_TOKEN)
    await slack.getByLabel('Signing secret').fill(SLACK_SECRET)
    await press(slack, 'Connect')
    await slack.getByText('Almost there').waitFor()
    const address = await slack.getByLabel('Address').inputValue()
    expect(address).toContain('/channels/slack/')
    const discord = service('Discord')
    await press(discord, 'Connect Discord')
    await discord.getByLabel('Bot token').fill(DISCORD_TOKEN)
    await press(discord, 'Connect')
    await discord.getByText('Waiting for you').waitFor()
    expect(services.state.discordUrl).toContain('/channels/discord/')
    expect(await violations()).toEqual([])
    await slack.scrollIntoViewIfNeeded()
    await computer.person.picture('connected')
  })

  it('makes a schedule, says when it runs, runs it now and shows what came of it', async () => {
    const schedules = part('Schedules')
    await press(schedules, 'Add a schedule')
    await schedules.getByLabel('Name').fill('Morning news')
    await schedules.getByLabel('What to do').fill('Tell me what is new.')
    await schedules.getByLabel('When').selectOption('Cron expression')
    await schedules.getByLabel('Minute, hour, day, month, weekday').fill('* * * * *')
    await schedules.getByText('would run again within 5 minutes').waitFor()
    await schedules.getByLabel('When').selectOption('Every hour')
    await schedules.getByLabel('Minutes past the hour').fill('5')
    await schedules.getByText(/^Next: /).waitFor()
    await schedules.getByLabel('When').selectOption('Monday to Friday')
    await schedules.getByLabel('Time', { exact: true }).fill('07:30')
    await schedules.getByText(/^Next: .* at 07:30$/).waitFor()
    await schedules.getByLabel('Result').selectOption('In the chat and on Telegram')
    await schedules.getByLabel('Name').scrollIntoViewIfNeeded()
    await computer.person.picture('schedule')
    expect(await violations()).toEqual([])
    await press(schedules, 'Save')
    await press(schedules, 'Run now: morning-news')
    const said = () => services.said.filter(({ to }) => to === '7').length
    await expect.poll(said, { timeout: 60_000 }).toBe(2)
    // The page looks by itself.
    await schedules.getByText(/^Last run /).waitFor()
    await press(schedules, 'Set up the heartbeat')
    await schedules.getByLabel('Every').selectOption('3 hours')
    await press(schedules, 'Save')
    await schedules.getByText('every 3 hours').waitFor()
    await computer.page.reload()
    await computer.isAwake()
    await part('Schedules')
      .getByText(/^Last /)
      .click()
    expect(await violations()).toEqual([])
    await part('Schedules').scrollIntoViewIfNeeded()
    await computer.person.picture('schedules')
    expect(JSON.parse(readFileSync(config(), 'utf8'))).toMatchObject({
      schedules: [{ id: 'morning-news', cron: '30 7 * * 1-5', channel: 'telegram' }],
      heartbeat: { everyMinutes: 180 },
    })
  })

  it('says where the mistake is that somebody made in the file, and changes nothing there', async () => {
    const broken = readFileSync(config(), 'utf8').replace('"schedules"', 'schedules')
    writeFileSync(config(), broken)
    await computer.page.reload()
    await computer.isAwake()
    const alert = part('Channels').getByRole('alert')
    await alert.getByText(/not JSON at line \d+/).waitFor()
    // What worked goes on.
    await service('Telegram').getByText('Connected', { exact: true }).waitFor()
    await alert.scrollIntoViewIfNeeded()
    await computer.person.picture('mistake')
    expect(await violations()).toEqual([])
    await press(alert, 'Open config.json')
    await computer.page.locator('.cm-content').filter({ hasText: 'schedules' }).waitFor()
    expect(readFileSync(config(), 'utf8')).toBe(broken)
  })
})
