import { readDenylist } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { deniedName } from './match.ts'

const list = readDenylist('default a-program-of-a-long-name')
const named = (line: string, more: { name?: string; file?: string } = {}) =>
  deniedName({ name: '', file: null, command: line.split(' '), ...more }, list)

it.each([
  ['by its name, wherever it is', '/tmp/x/XMRig -o pool', 'xmrig'],
  ['as a script', 'python3 -u tools/massmailer.py list.txt', 'massmailer'],
  ['by how it is called', './kworker -o stratum+tcp://pool.example:3333', 'kworker'],
])('denies a program %s', (_what, line, name) => {
  expect(named(line)).toBe(name)
})

it('denies one that calls itself something else, by its file and by the system’s name', () => {
  expect(named('kworker', { file: '/home/x/xmrig' })).toBe('xmrig')
  expect(named('kworker', { name: 'a-program-of-a-' })).toBe('a-program-of-a-long-name')
})

it.each(['vim xmrig', 'cat notes/xmrig.md', 'tar xf xmrig.tar.gz', 'node server.js', 'xmrigger', 'ls'])(
  'lets %s run',
  (line) => {
    expect(named(line)).toBeNull()
  },
)
