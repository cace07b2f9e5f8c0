import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assertCaddyVersion, findCaddy } from './binary.ts'

it.each(['v2.11.4 h1:abc=', '(devel)'])('takes %s', (version) =>
  expect(() => assertCaddyVersion(version, 'caddy')).not.toThrow(),
)

it.each(['v2.6.2', 'v2.11.3 h1:abc=', 'v1.99.99'])('refuses %s and says why', (version) =>
  expect(() => assertCaddyVersion(version, '/usr/bin/caddy')).toThrow(
    /\/usr\/bin\/caddy is Caddy v.*2\.11\.4 is needed.*WebSockets.*CVE/,
  ),
)

it.each(['v2.11.5', 'v2.11.10 h1:abc=', 'v2.12.0', 'v3.0.0'])(
  'refuses %s, which would refuse the configuration',
  (version) => expect(() => assertCaddyVersion(version, 'caddy')).toThrow(/2\.11\.4 is needed.*deadlines/),
)

it('takes the one that is named, and no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mos-bin-'))
  const binary = join(folder, 'caddy')
  expect(() => findCaddy({ binary })).toThrow(/CADDY_BIN names .*npm run setup:real/)
  await writeFile(binary, '#!/bin/sh\necho v2.11.4\n')
  await chmod(binary, 0o755)
  expect(findCaddy({ binary })).toBe(binary)
  await writeFile(binary, '#!/bin/sh\necho 2.6.2\n')
  expect(() => findCaddy({ binary })).toThrow('2.11.4 is needed')
})

it('reads the version of a build that says unknown from its modules', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mos-bin-'))
  const binary = join(folder, 'caddy')
  const lines = [
    '#!/bin/sh',
    '[ $1 = version ] && echo unknown',
    '[ $1 = build-info ] && printf "mod\\tgithub.com/caddyserver/caddy/v2\\tv2.10.0\\n"',
    'exit 0',
  ]
  await writeFile(binary, lines.join('\n'))
  await chmod(binary, 0o755)
  expect(() => findCaddy({ binary })).toThrow('Caddy v2.10.0')
})
