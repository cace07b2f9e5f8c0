import { expect, it } from 'vitest'
import { choiceOf, cronOf, idOf } from './cron.ts'

it.each([
  ['0 9 * * *', 'daily'],
  ['30 17 * * 1-5', 'weekdays'],
  ['5 0 * * 0', 'weekly'],
  ['15 * * * *', 'hourly'],
  ['*/15 * * * *', 'own'],
  ['0 9 1 * *', 'own'],
  ['15 * * * 1-5', 'own'],
  ['nonsense', 'own'],
])('takes %s for %s, and makes the same of it again', (cron, repeat) => {
  const choice = choiceOf(cron)
  expect(choice.repeat).toBe(repeat)
  expect(cronOf(choice)).toBe(cron)
})

it('makes a name for the file of what somebody typed', () => {
  expect(idOf(' Every Mörning, 9:00! ')).toBe('every-morning-9-00')
  expect(idOf('!!')).toBe('')
})
