import { expect, test } from 'vitest'
import { createAnnouncement } from './announcement.ts'

function rig() {
  const log: string[] = []
  const announcement = createAnnouncement({
    say: (_level, message) => void log.push(message),
    announce: () => void log.push('up'),
  })
  return { ...announcement, log }
}

test('announces the platform once every part has started', () => {
  const { report, started, log } = rig()
  report('api', null)
  expect(log).toEqual([])
  started()
  report('api', null)
  expect(log).toEqual(['up'])
})

test('says what is waited for until nothing is, and says it once', () => {
  const { report, started, log } = rig()
  report('api', 'the database')
  started()
  report('api', 'the database')
  expect(log).toEqual(['Not up yet: api is waiting for the database'])
  report('api', null)
  report('api', 'the database')
  expect(log).toEqual(['Not up yet: api is waiting for the database', 'up'])
})
