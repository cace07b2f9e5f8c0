import { expect, it } from 'vitest'
import { isDisarmed } from './mount-flags.ts'

const line = (point: string, options: string) =>
  `36 35 98:0 / ${point} ${options} shared:1 - ext4 /dev/sda1 rw`
const mounts = [
  line('/', 'rw,relatime'),
  line('/srv', 'rw,nosuid,nodev'),
  line('/srv/open', 'rw,nodev'),
  line('/srv/devices', 'rw,nosuid'),
  line('/twice', 'rw'),
  line('/twice', 'rw,nodev,nosuid'),
  line('/with\\040blank', 'rw,nosuid,nodev'),
].join('\n')

it.each([
  ['/srv/instances', true],
  ['/srv', true],
  ['/srvother', false],
  ['/srv/open/home', false],
  ['/srv/devices/home', false],
  ['/home', false],
  ['/twice/home', true],
  ['/with blank/home', true],
])('knows whether the mount below %s disarms it: %s', (path, expected) => {
  expect(isDisarmed(mounts, path)).toBe(expected)
})

it('takes an empty list for no', () => {
  expect(isDisarmed('', '/srv')).toBe(false)
})
