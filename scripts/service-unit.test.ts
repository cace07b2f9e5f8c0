/** The systemd unit, as far as the sandbox that it asks for must leave room to the start script. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const unit = readFileSync(join(import.meta.dirname, '../deploy/matrixos.service'), 'utf8')
const settings = new Map(
  unit.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    return name === '' ? [] : [[name, value] as const]
  }),
)

test('gives npm and the images caches to write to, since an upgrade installs and homes are read-only', () => {
  expect(settings.get('ProtectHome')).toBe('read-only')
  const caches = settings.get('Environment')?.split(' ')
  expect(caches).toContain(`npm_config_cache=%C/${settings.get('CacheDirectory')}/npm`)
  // The platform's own is the folder "matrixos" in there.
  expect([caches?.includes('XDG_CACHE_HOME=%C'), settings.get('CacheDirectory')]).toEqual([true, 'matrixos'])
})
