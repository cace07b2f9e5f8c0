import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { versionOf } from './notes/pad.ts'
import { bootInstance } from './testing/instance.ts'

const viewer = (permissions = '') => ({
  headers: { 'x-mos-role': 'viewer', 'x-mos-user': 'bob', 'x-mos-permissions': permissions },
})

/** An instance with a note, a hidden file and an ordinary one. */
async function boot() {
  const instance = await bootInstance()
  await instance.booted
  await mkdir(join(instance.home, 'notes'), { recursive: true })
  await writeFile(join(instance.home, 'notes/pad.md'), 'private words')
  await writeFile(join(instance.home, '.token'), 'hidden words')
  await writeFile(join(instance.home, 'plan.txt'), 'open words')
  await symlink('notes/pad.md', join(instance.home, 'link.md'))
  await writeFile(join(instance.home, 'config.json'), 'a token')
  await symlink('config.json', join(instance.home, 'tokens.json'))
  await writeFile(join(instance.home, 'system/shell.json'), 'open windows')
  return instance
}

async function consoleOf(instance: Awaited<ReturnType<typeof boot>>, permissions = '') {
  const socket = await instance.open('/ws/console', viewer(permissions))
  const welcome = await socket.next()
  const run = async (line: string) => {
    socket.send({ type: 'run', line })
    return await socket.next()
  }
  const complete = async (line: string) => {
    socket.send({ type: 'complete', line })
    return await socket.next()
  }
  return { welcome, run, complete }
}

test('tells a viewer who they are, and an owner nothing of the kind', async () => {
  await using instance = await boot()
  const me = async (options?: RequestInit) => (await fetch(instance.url('/api/me'), options)).json()
  expect(await me(viewer('notes'))).toMatchObject({ viewer: { handle: 'bob', canUseNotes: true } })
  expect(await me(viewer())).toMatchObject({ viewer: { canUseNotes: false } })
  expect(await me({ headers: { 'x-mos-role': 'owner' } })).toMatchObject({ viewer: null })
  expect(await me()).toMatchObject({ viewer: null })
  expect((await fetch(instance.url('/'), { headers: { 'x-mos-role': 'visitor' } })).status).toBe(401)
})

test.each([
  'echo x > plan.txt',
  'echo x >> plan.txt',
  'write plan.txt x',
  'touch new.txt',
  'touch plan.txt',
  'mkdir new',
  'mkdir -p a/b',
  'mv plan.txt other.txt',
  'cp plan.txt other.txt',
  'rm plan.txt',
  'rm -rf notes',
])('refuses a viewer %s', async (line) => {
  await using instance = await boot()
  const { run } = await consoleOf(instance, 'notes')
  expect(await run(line)).toMatchObject({ failed: true, text: expect.stringContaining('Only the owner') })
  expect(await readFile(join(instance.home, 'plan.txt'), 'utf8')).toBe('open words')
  expect((await run('ls')).text).not.toContain('new')
})

test('lets a viewer look, but at nothing that is hidden or private', async () => {
  await using instance = await boot()
  const { welcome, run, complete } = await consoleOf(instance)
  expect(welcome).toMatchObject({ isReadOnly: true, history: [] })
  expect(await run('cat plan.txt')).toMatchObject({ failed: false, text: 'open words' })
  for (const line of [
    'cat notes/pad.md',
    'cat link.md',
    'cat .token',
    'cat .console-history',
    'cd notes',
    'cat system/shell.json',
    'cat config.json',
    'cat tokens.json',
  ])
    expect(await run(line), line).toMatchObject({ failed: true })
  for (const line of ['ls -a', 'tree', 'du', 'ls -la'])
    expect((await run(line)).text, line).not.toMatch(/notes|\.token|history|shell|config/)
  expect(await complete('cat no')).toMatchObject({ completed: 'cat no', options: [] })
})

test('has the tokens of the owner’s channels for the owner alone', async () => {
  await using instance = await boot()
  const read = async (path: string, options?: RequestInit) =>
    (await fetch(instance.url(`/api/files/content?path=${path}`), options)).text()
  expect(await read('config.json')).toBe('a token')
  for (const path of ['config.json', 'tokens.json'])
    expect(await read(path, viewer('notes'))).not.toContain('a token')
})

test('shows a viewer nothing of what the owner typed, and keeps nothing of theirs', async () => {
  await using instance = await boot()
  const owner = await instance.open('/ws/console')
  await owner.next()
  owner.send({ type: 'run', line: 'echo secret-of-the-owner' })
  await owner.next()
  const { welcome, run } = await consoleOf(instance)
  expect(JSON.stringify(welcome)).not.toContain('secret-of-the-owner')
  expect((await run('history')).text).toBe('')
  await run('echo words-of-the-viewer')
  owner.send({ type: 'run', line: 'history' })
  expect((await owner.next()).text).not.toContain('words-of-the-viewer')
})

test('opens the note pad to viewers whom its owner allows to use it, alone', async () => {
  await using instance = await boot()
  await expect(instance.open('/ws/notes', viewer())).rejects.toThrow('refused with 404')
  const pad = await instance.open('/ws/notes', viewer('notes'))
  expect(await pad.next()).toMatchObject({ type: 'pad', text: 'private words' })
  pad.send({ type: 'save', id: 1, base: versionOf('private words'), text: 'from bob' })
  expect(await pad.next()).toMatchObject({ type: 'saved' })
  const { run } = await consoleOf(instance, 'notes')
  expect(await run('cat notes/pad.md')).toMatchObject({ text: 'from bob' })
})

test('lets no viewer spend the owner’s AI credits', async () => {
  await using instance = await boot()
  const { run } = await consoleOf(instance, 'notes')
  expect(await run('ask Who are you?')).toMatchObject({
    failed: true,
    text: 'Only the owner of this computer can ask its AI.',
  })
})
