import { expect, test } from 'vitest'
import { deviceName } from './device-name.ts'

test.each([
  ['Firefox', 'Linux', 'Firefox on Linux'],
  ['Firefox', null, 'Firefox'],
  [null, 'iOS', 'iOS'],
  [null, null, 'Unknown device'],
])('names %s and %s', (browser, os, name) => {
  expect(deviceName({ kind: 'other', browser, os })).toBe(name)
})
