import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAtomicWriter } from '../files/atomic.ts'
import { openHome } from '../files/home.ts'
import { temporaryFolder } from '../testing/folder.ts'
import { complete } from './complete.ts'
import { createSession } from './session.ts'

async function session() {
  const folder = await temporaryFolder()
  const root = join(folder.path, 'home')
  await mkdir(join(root, 'notes'), { recursive: true })
  await writeFile(join(root, 'a.txt'), 'one\n')
  await writeFile(join(folder.path, 'secret'), 'secret')
  const history: string[] = []
  const home = await openHome(root)
  const it = createSession({
    home,
    write: createAtomicWriter(),
    owner: { handle: 'alice', displayName: 'Alice' },
    now: () => new Date('2025-03-01T12:00:00Z'),
    history,
    ask: async (question) => `Asked: ${question}`,
    remember: async (line) => void history.push(line),
  })
  const run = async (line: string) => (await it.run(line)).text
  return { ...folder, root, home, it, run, read: (name: string) => readFile(join(root, name), 'utf8') }
}

test('looks around', async () => {
  await using at = await session()
  expect(await at.run('pwd')).toBe('~')
  expect(await at.run('ls')).toBe('a.txt\nnotes/')
  expect(await at.run('cat a.txt')).toBe('one')
  expect(await at.run('tree')).toBe('~\n├── a.txt\n└── notes/')
  expect(await at.it.run('cd notes')).toMatchObject({ cwd: '~/notes', failed: false })
  expect(await at.run('cat ../a.txt')).toBe('one')
  expect(await at.run('cd')).toBe('')
  expect(await at.run('whoami')).toBe('alice (Alice)')
  expect(await at.run('date')).toBe('Sat, 01 Mar 2025 12:00:00 GMT')
  expect(await at.run('df')).toMatch(/used, .* free$/)
  expect(await at.run('du')).toMatch(/~$/)
  expect(await at.run('help')).toContain('mkdir')
  expect(await at.run('history')).toMatch(/^ ?1 {2}pwd\n/)
  expect(await at.it.run('clear')).toMatchObject({ clear: true })
})

test('changes files', async () => {
  await using at = await session()
  await at.run('echo hello there > b.txt')
  await at.run('echo again >> b.txt')
  expect(await at.read('b.txt')).toBe('hello there\nagain\n')
  await at.run('write c.txt -n "two words"')
  expect(await at.read('c.txt')).toBe('-n two words\n')
  await at.run('mkdir -p x/y')
  await at.run('mv b.txt c.txt x/y')
  await at.run('cp -r x z')
  await at.run('touch z/new')
  await at.run('rm -r x')
  expect(await at.run('tree')).toBe(
    '~\n├── a.txt\n├── notes/\n└── z/\n    ├── new\n    └── y/\n        ├── b.txt\n        └── c.txt',
  )
  await at.run('ls > list')
  expect(await at.read('list')).toBe('a.txt\nnotes/\nz/\n')
})

test.each([
  ['cat nothing', '~/nothing: no such file or folder'],
  ['cat notes', 'notes: that is a folder; try ls'],
  ['cd a.txt', 'a.txt: that is not a folder'],
  ['rm notes', 'notes: that is a folder; add -r to remove it'],
  ['rm -r ~', 'That is your home itself; it stays where it is.'],
  ['rm nothing', 'nothing: no such file or folder'],
  ['mv nothing b', 'nothing: no such file or folder'],
  ['cp notes x', 'notes: that is a folder; add -r to copy it with what is in it'],
  ['cp -r notes notes/inner', 'notes: a folder cannot be copied into itself'],
  ['mv notes notes/inner', 'notes: a folder cannot be moved into itself'],
  ['cp a.txt a.txt', 'a.txt: source and destination are the same'],
  ['mkdir a.txt', '~/a.txt: it already exists'],
  ['mv a.txt', 'Usage: mv FROM… TO'],
  ['ls -z', 'I don’t know the option -z. Usage: ls [-l] [-a] [FOLDER]'],
  ['vim', 'I don’t know vim. Type help to see what I understand.'],
  ['cat ../secret', '../secret is outside your home.'],
  ['cp ../secret .', '../secret is outside your home.'],
  ['echo x > ../new', '../new is outside your home.'],
])('%s', async (line, text) => {
  await using at = await session()
  expect(await at.it.run(line)).toMatchObject({ failed: true, text })
})

test('follows no link out of the home, and copies only the link', async () => {
  await using at = await session()
  await symlink('../secret', join(at.root, 'link'))
  await symlink('..', join(at.root, 'up'))
  for (const line of [
    'cat link',
    'cat up/secret',
    'ls up',
    'cd up',
    'echo x > link',
    'echo x >> link',
    'mv a.txt up',
    'rm up/secret',
  ]) {
    expect(await at.it.run(line), line).toMatchObject({
      failed: true,
      text: expect.stringContaining('outside your home'),
    })
  }
  await at.run('mkdir d')
  await at.run('cp -r link d')
  expect(await at.it.run('cat d/link')).toMatchObject({ failed: true })
  expect(await readFile(join(at.path, 'secret'), 'utf8')).toBe('secret')
})

test('completes commands and names', async () => {
  await using at = await session()
  const tab = (line: string) => complete(line, { home: at.home, cwd: '' })
  expect(await tab('whoa')).toEqual({ completed: 'whoami ', options: [] })
  expect(await tab('c')).toMatchObject({ completed: 'c', options: ['cat', 'cd', 'cp', 'clear'] })
  expect(await tab('ls no')).toEqual({ completed: 'ls notes/', options: [] })
  await at.run('mkdir "two words"')
  expect(await tab('cd two')).toEqual({ completed: 'cd two\\ words/', options: [] })
  expect(await tab('cat ../')).toEqual({ completed: 'cat ../', options: [] })
})

test('asks the AI with all the words, dashes included', async () => {
  await using at = await session()
  expect(await at.run('ask What does -v mean?')).toBe('Asked: What does -v mean?')
  expect(await at.run('ask')).toBe('Usage: ask QUESTION')
})
