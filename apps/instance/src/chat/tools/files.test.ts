/** What the AI may do with files: within the home, whole or not at all, and taken back as it was. */
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstancePost } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { createGate } from '../../files/api/gate.ts'
import { createTrash } from '../../files/api/trash.ts'
import { openTree } from '../../files/api/tree.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import type { Change } from '../log/entry.ts'
import { openChats } from '../store.ts'
import { createTools } from './index.ts'
import { changesOf, saveFile } from './save.ts'
import { undoChanges } from './undo.ts'

async function home() {
  const folder = await temporaryFolder()
  const root = folder.path
  const tree = openTree({ root })
  const trash = createTrash({ tree, now: () => new Date('2025-03-01T12:00:00Z'), oneAtATime: createGate() })
  const chats = openChats(tree, trash)
  const posts: InstancePost[] = []
  const post = async (sent: InstancePost) => {
    posts.push(sent)
    return sent.kind === 'post' ? ('asked' as const) : ('posted' as const)
  }
  const none = {
    shell: null,
    environment: {},
    appAddress: () => null,
    onDenied: () => undefined,
    post,
    askOther: null,
  }
  const tools = await createTools({ tree, root, ...none })
  const keep = () => chats.keepFolder('chat')
  const call = async (name: string, input: unknown, id = 'call') => {
    const tool = tools.find((one) => one.name === name)
    if (!tool) throw new Error(`no tool ${name}`)
    let changes: Change[] = []
    const save = async (path: string, bytes: Uint8Array) => {
      await using kept = await keep()
      const change = await saveFile({ tree, path, bytes, keep: kept, tool: id, earlier: changes })
      if (change) changes = [...changes, change]
    }
    const signal = new AbortController().signal
    const asked = await tool.judge(input)
    const outcome = await tool.run(input, { id, conversation: 'chat', signal, output: () => undefined, save })
    return { ...outcome, changes, asked }
  }
  return {
    ...{ root, tree, call, keep, tools, posts },
    undo: async (tool: string, changes: readonly Change[], anyway = false) => {
      await using kept = await keep()
      await undoChanges({ tree, trash, keep: kept, tool, changes, anyway })
    },
    write: async (path: string, text: string | Buffer) => {
      await mkdir(join(root, path, '..'), { recursive: true })
      await writeFile(join(root, path), text)
    },
    read: (path: string) => readFile(join(root, path), 'utf8'),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}

test('reads a file by its lines, from wherever in the home it is named', async () => {
  await using it = await home()
  await it.write('notes/a.md', 'one\ntwo\nthree')
  for (const path of ['notes/a.md', '~/notes/a.md', `${it.root}/notes/a.md`])
    expect((await it.call('read_file', { path })).text).toBe('one\ntwo\nthree')
  expect((await it.call('read_file', { path: 'notes/a.md', from_line: 2, lines: 1 })).text).toBe(
    'two\n[lines 2–2 of 3]',
  )
})

test.each(['../x', '/etc/passwd', 'notes/../../x', '~/../x'])('refuses what is outside: %s', async (path) => {
  await using it = await home()
  await expect(it.call('read_file', { path })).rejects.toThrow('outside your home')
  await expect(it.call('write_file', { path, content: 'x' })).rejects.toThrow('outside your home')
})

test('follows no link out of the home, to read or to write', async () => {
  await using it = await home()
  await using outside = await temporaryFolder()
  await writeFile(join(outside.path, 'secret'), 'secret')
  await symlink(outside.path, join(it.root, 'way'))
  await symlink(join(outside.path, 'secret'), join(it.root, 'file'))
  await symlink(join(outside.path, 'new'), join(it.root, 'dangling'))
  await expect(it.call('read_file', { path: 'way/secret' })).rejects.toThrow('outside your home')
  await expect(it.call('list_files', { path: 'way' })).rejects.toThrow('outside your home')
  for (const path of ['way/secret', 'way/new', 'file', 'dangling'])
    await expect(it.call('write_file', { path, content: 'mine' })).rejects.toThrow()
  expect(await readdir(outside.path)).toEqual(['secret'])
  expect(await readFile(join(outside.path, 'secret'), 'utf8')).toBe('secret')
})

test('reads neither what is huge nor what is no text, and replaces nothing that it could not keep', async () => {
  await using it = await home()
  await it.write('huge', '')
  await truncate(join(it.root, 'huge'), 17 * 1024 * 1024)
  await it.write('picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]))
  await expect(it.call('read_file', { path: 'huge' })).rejects.toThrow('larger than')
  await expect(it.call('read_file', { path: 'picture.png' })).rejects.toThrow('no text')
  await expect(it.call('write_file', { path: 'huge', content: 'x' })).rejects.toThrow('too large')
})

test('takes back what it wrote: the file before, and nothing where nothing was', async () => {
  await using it = await home()
  await it.write('a.md', 'before')
  const over = await it.call('write_file', { path: 'a.md', content: 'after' }, 'one')
  const made = await it.call('write_file', { path: 'b/c.md', content: 'new' }, 'two')
  expect(await it.read('a.md')).toBe('after')
  await it.undo('one', over.changes)
  await it.undo('two', made.changes)
  expect(await it.read('a.md')).toBe('before')
  expect(await readdir(join(it.root, 'b'))).toEqual([])
  expect(await readdir(join(it.root, '.uploads'))).toEqual([])
})

test('keeps all that was changed since when it takes several files back', async () => {
  await using it = await home()
  const names = ['index.html', 'app.js', 'app.json']
  for (const name of names) await it.write(`apps/game/${name}`, '{"name":"Before"}')
  const files = names.slice(0, 2).map((path) => ({ path, content: 'mine' }))
  const { changes } = await it.call('make_app', { name: 'game', title: 'Game', files })
  for (const name of names) await it.write(`apps/game/${name}`, `later ${name}`)
  await it.undo('call', changes, true)
  for (const name of names) expect(await it.read(`apps/game/${name}`)).toBe('{"name":"Before"}')
  const kept = (await readdir(join(it.root, 'chats/chat'))).filter((name) => name.startsWith('before-undo'))
  const texts = await Promise.all(kept.map((name) => it.read(`chats/chat/${name}`)))
  expect(texts.sort()).toEqual(names.map((name) => `later ${name}`).sort())
})

test('asks by what a link leads to, and not by what it is called', async () => {
  await using it = await home()
  await it.write('.ssh/key', 'secret')
  await it.write('.bashrc', 'alias')
  await symlink('.ssh', join(it.root, 'docs'))
  await symlink('.bashrc', join(it.root, 'readme.md'))
  const risks = async (name: string, input: unknown) =>
    (await it.tools.find((one) => one.name === name)?.judge(input))?.risks
  expect(await risks('read_file', { path: 'docs/key' })).toEqual(['secrets'])
  expect(await risks('write_file', { path: 'docs/new', content: '' })).toContain('secrets')
  expect(await risks('write_file', { path: 'readme.md', content: '' })).toEqual(['settings'])
  expect(await risks('edit_file', { path: 'readme.md', old_text: 'a', new_text: 'b' })).toEqual(['settings'])
  expect(await risks('write_file', { path: 'apps/game/app.json', content: '{}' })).toEqual(['settings'])
})

test('takes nothing back that was changed since, unless it is told to', async () => {
  await using it = await home()
  const { changes } = await it.call('write_file', { path: 'a.md', content: 'mine' })
  await it.write('a.md', 'theirs, later')
  await expect(it.undo('call', changes)).rejects.toThrow('a.md: changed since I wrote it.')
  expect(await it.read('a.md')).toBe('theirs, later')
  await it.undo('call', changes, true)
  expect(await readdir(it.root)).not.toContain('a.md')
})

test('knows what a call that was killed had written, and what it had not', async () => {
  await using it = await home()
  await it.write('a.md', 'before')
  await it.call('write_file', { path: 'a.md', content: 'after' }, 'done')
  await using keep = await it.keep()
  expect(await changesOf(it.tree, keep, 'done')).toMatchObject([{ path: 'a.md' }])
  // Written down, and killed before the file got its name.
  const record = [{ path: 'a.md', before: null, after: 'another-version' }]
  await writeFile(join(it.root, 'chats/chat/changes-killed.json'), JSON.stringify(record))
  expect(await changesOf(it.tree, keep, 'killed')).toEqual([])
  expect(await changesOf(it.tree, keep, 'unheard-of')).toEqual([])
})

test('edits one place exactly, or says why not', async () => {
  await using it = await home()
  await it.write('a.md', 'one two two')
  await expect(it.call('edit_file', { path: 'a.md', old_text: 'x', new_text: 'y' })).rejects.toThrow(
    'not in it',
  )
  await expect(it.call('edit_file', { path: 'a.md', old_text: 'two', new_text: 'y' })).rejects.toThrow(
    '2 times',
  )
  await it.call('edit_file', { path: 'a.md', old_text: 'two', new_text: '$& three', every: true })
  expect(await it.read('a.md')).toBe('one $& three $& three')
})

test('asks before it reads secrets or changes settings, and never writes into its own folders', async () => {
  await using it = await home()
  await it.write('config.json', '{}')
  await it.write('.bashrc', '')
  const judge = (name: string, input: unknown) => it.tools.find((one) => one.name === name)?.judge(input)
  expect((await judge('read_file', { path: 'config.json' }))?.risks).toEqual(['secrets'])
  expect((await judge('write_file', { path: '.bashrc', content: '' }))?.risks).toEqual(['settings'])
  expect(await judge('write_file', { path: 'notes/a.md', content: '' })).toBeNull()
  for (const path of ['chats/x.jsonl', '.trash/x', '.uploads/x'])
    await expect(judge('write_file', { path, content: '' })).rejects.toThrow('I keep that folder myself')
})

test('makes an app, whole or not at all, and takes it back', async () => {
  await using it = await home()
  const files = [{ path: 'index.html', content: '<h1>Hi</h1>' }]
  await expect(it.call('make_app', { name: 'Not A Name', title: 'x', files })).rejects.toThrow('3–29')
  await expect(it.call('make_app', { name: 'game', title: 'Game' })).rejects.toThrow('not there yet')
  await expect(
    it.call('make_app', { name: 'game', title: 'Game', files: [{ path: '../x', content: '' }] }),
  ).rejects.toThrow('no file of that name')
  expect(await readdir(it.root)).not.toContain('apps')
  const { app, changes } = await it.call('make_app', { name: 'game', title: 'Game', icon: '🎲', files })
  expect(app).toEqual({ name: 'game', title: 'Game' })
  expect(JSON.parse(await it.read('apps/game/app.json'))).toEqual({ name: 'Game', icon: '🎲' })
  await it.undo('call', changes)
  expect(await readdir(join(it.root, 'apps/game'))).toEqual([])
  expect(
    (
      await it.tools
        .find(({ name }) => name === 'make_app')
        ?.judge({ name: 'game', title: 'x', server_command: 'node x' })
    )?.risks,
  ).toEqual(['runs'])
})

test('remembers each fact once, in a file that its owner edits', async () => {
  await using it = await home()
  await it.call('remember', { fact: 'Likes  green', kind: 'memory' })
  await it.call('remember', { fact: 'Likes green', kind: 'memory' })
  await it.call('remember', { fact: 'Lives in Bern', kind: 'memory' })
  expect((await it.read('system/memory.md')).split('\n').slice(-3)).toEqual([
    '- Likes green',
    '- Lives in Bern',
    '',
  ])
})

test('tells the feed of an app once, when it is there', async () => {
  await using it = await home()
  const files = [{ path: 'index.html', content: '<p>' }]
  await it.call('make_app', { name: 'game', title: 'Game', files })
  await it.call('make_app', { name: 'game', title: 'Better game' })
  const told = { kind: 'app_built', app: 'game', title: 'Game', text: '', visibility: 'followers' }
  expect(it.posts).toEqual([told])
})

test('says whether what it posts is out, or waits for the owner', async () => {
  await using it = await home()
  const { text } = await it.call('post', { text: 'Hello', audience: 'followers' })
  expect(it.posts).toEqual([{ kind: 'post', text: 'Hello', visibility: 'followers' }])
  expect(text).toContain('the owner is asked first')
})
