import { expect, it } from 'vitest'
import { readConfig } from './config.ts'

const TELEGRAM = { token: `123:${'a'.repeat(30)}` }
const SCHEDULE = { id: 'morning', cron: '0 9 * * *', words: 'Say good morning.' }
const read = (value: unknown) => readConfig(JSON.stringify(value))
const placesOf = (value: unknown) => read(value).problems.map(({ place }) => place)

it('reads a file that is not there, or empty, as nothing', () => {
  for (const text of [null, '', ' \n']) {
    expect(readConfig(text)).toMatchObject({ problems: [], raw: {} })
  }
})

it('fills in what may be left out', () => {
  const { config, problems } = read({ channels: { telegram: TELEGRAM }, schedules: [SCHEDULE] })
  expect(problems).toEqual([])
  expect(config.channels.telegram).toEqual({ ...TELEGRAM, people: [], messagesPerDay: 200 })
  expect(config.schedules).toEqual([{ ...SCHEDULE, timezone: 'UTC' }])
})

it('takes what is switched off, as in homes of before, for nothing', () => {
  const off = { enabled: false, token: '' }
  expect(read({ channels: { telegram: off, slack: off } })).toMatchObject({
    problems: [],
    config: { channels: {} },
  })
})

it.each<[string, unknown, string[]]>([
  ['a token that is none', { channels: { telegram: { token: 'x' } } }, ['channels.telegram.token']],
  ['no token', { channels: { slack: {} } }, ['channels.slack.botToken', 'channels.slack.signingSecret']],
  ['channels that are a list', { channels: [] }, ['channels']],
  ['a channel that is a text', { channels: { discord: 'x' } }, ['channels.discord']],
  [
    'people without an id',
    { channels: { telegram: { ...TELEGRAM, people: [{}] } } },
    ['channels.telegram.people.0.id'],
  ],
  [
    'a limit of none',
    { channels: { telegram: { ...TELEGRAM, messagesPerDay: 0 } } },
    ['channels.telegram.messagesPerDay'],
  ],
  ['schedules that are none', { schedules: {} }, ['schedules']],
  ['a schedule without words', { schedules: [{ ...SCHEDULE, words: '' }] }, ['schedules.0.words']],
  ['two of one name', { schedules: [SCHEDULE, SCHEDULE] }, ['schedules.1']],
  ['the heartbeat’s name', { schedules: [{ ...SCHEDULE, id: 'heartbeat' }] }, ['schedules.0.id']],
  ['an unknown channel', { schedules: [{ ...SCHEDULE, channel: 'fax' }] }, ['schedules.0.channel']],
  ['a hasty heartbeat', { heartbeat: { everyMinutes: 1, words: 'x' } }, ['heartbeat.everyMinutes']],
  ['a list', [], ['']],
])('tells where %s is', (_, value, places) => {
  expect(placesOf(value)).toEqual(places)
})

it('leaves what is right beside what is wrong', () => {
  const { config, problems } = read({
    channels: { telegram: TELEGRAM, slack: { botToken: 'x' } },
    schedules: [{ id: 'X' }, SCHEDULE],
  })
  expect(problems.length).toBeGreaterThan(2)
  expect(Object.keys(config.channels)).toEqual(['telegram'])
  expect(config.schedules.map(({ id }) => id)).toEqual(['morning'])
})

it('tells the line of what is no JSON, and quotes nothing of it', () => {
  const { problems, raw } = readConfig(
    '{\n  "channels": {\n    "telegram": { "token": "secret" "x" }\n  }\n}',
  )
  expect(raw).toBe(null)
  expect(problems).toEqual([{ place: '', line: 3, words: expect.stringMatching(/line 3, character \d+/) }])
  expect(JSON.stringify(problems)).not.toContain('secret')
  expect(readConfig('{"a":1').problems[0]?.line).toBe(1)
})

it('takes no more schedules than there may be', () => {
  const many = Array.from({ length: 22 }, (_, at) => ({ ...SCHEDULE, id: `s${at}` }))
  expect(placesOf({ schedules: many })).toEqual(['schedules.20', 'schedules.21'])
})
