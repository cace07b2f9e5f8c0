import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { archive } from './archive.ts'
import { openTree } from './tree.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>

/** The files in the archive as another program unpacks it. */
async function unpacked(it: Booted, ...paths: string[]) {
  const query = new URLSearchParams(paths.map((path) => ['path', path]))
  const answer = await fetch(it.url(`/api/files/archive?${query}`))
  const folder = await temporaryFolder()
  const zip = join(folder.path, 'it.zip')
  await writeFile(zip, Buffer.from(await answer.arrayBuffer()))
  const to = join(folder.path, 'out')
  execFileSync('python3', ['-c', UNPACK, zip, to])
  return {
    ...folder,
    answer,
    at: (path: string) => join(to, path),
    names: async () => (await readdir(to, { recursive: true })).sort(),
  }
}

const UNPACK = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as it:
    assert it.testzip() is None
    it.extractall(sys.argv[2])
`

test('packs a folder with all that is in it, and leaves links and pipes out', async () => {
  await using it = await bootFiles()
  await it.write('trip/day 1/notes.txt', 'words '.repeat(10_000))
  await it.write('trip/ü☃.png', Buffer.alloc(100_000, 7))
  await it.write('trip/empty.txt', '')
  await mkdir(it.at('trip/empty'))
  await symlink('/etc/passwd', it.at('trip/out'))
  await symlink('day 1', it.at('trip/in'))
  execFileSync('mkfifo', [it.at('trip/pipe')])
  await using zip = await unpacked(it, 'trip')
  expect(zip.answer.headers.get('content-disposition')).toContain('filename="trip.zip"')
  expect(await zip.names()).toEqual(
    ['trip', 'trip/day 1', 'trip/day 1/notes.txt', 'trip/empty', 'trip/empty.txt', 'trip/ü☃.png'].sort(),
  )
  expect(await readFile(zip.at('trip/day 1/notes.txt'), 'utf8')).toBe('words '.repeat(10_000))
  expect((await stat(zip.at('trip/ü☃.png'))).size).toBe(100_000)
})

test('packs several entries, and the whole home without its trash', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt', '1')
  await it.write('two.txt', '2')
  await it.write('gone.txt', 'x')
  await it.post('trash', { paths: ['gone.txt'] })
  await using some = await unpacked(it, 'a', 'two.txt')
  expect(await some.names()).toEqual(['a', 'a/one.txt', 'two.txt'])
  await using all = await unpacked(it, '')
  expect(await all.names()).toEqual(expect.arrayContaining(['a/one.txt', 'two.txt', 'notes/pad.md']))
  expect((await all.names()).join(' ')).not.toContain('.trash')
  expect(all.answer.headers.get('content-disposition')).toContain('filename="home.zip"')
})

test('gives no name that another system would take for a drive or a folder', async () => {
  await using it = await bootFiles()
  await it.write('x/c:windows\\..\\..\\evil.txt', 'x')
  await it.write('x/a\nb.txt', 'x')
  await using zip = await unpacked(it, 'x')
  expect(await zip.names()).toEqual(['x', 'x/a\nb.txt', 'x/c:windows_.._.._evil.txt'])
  await using one = await unpacked(it, 'x/c:windows\\..\\..\\evil.txt')
  expect(await one.names()).toEqual(['c_windows_.._.._evil.txt'])
})

test('says before the first byte what cannot be packed', async () => {
  await using it = await bootFiles()
  expect((await it.get('archive', { path: 'none' })).status).toBe(404)
  expect((await it.get('archive', {})).status).toBe(400)
  expect((await it.get('archive', { path: '../x' })).status).toBe(400)
})

test('stops reading when the client has left, and serves the next', async () => {
  await using it = await bootFiles()
  await it.write('big/noise', Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 251)))
  await chmod(it.at('big/noise'), 0o600)
  for (let i = 0; i < 6; i++) {
    const gone = new AbortController()
    const answer = await fetch(it.fileUrl('archive', { path: '' }), { signal: gone.signal })
    expect([200, 429]).toContain(answer.status)
    gone.abort()
    await answer.body?.cancel().catch(() => undefined)
  }
  await expect
    .poll(async () => (await it.get('archive', { path: 'big' }, { method: 'GET' })).status)
    .toBe(200)
})

test.each(['a.txt', 'a.mp4'])(
  'is not the end of the computer when the client leaves while %s is opened',
  async (name) => {
    await using folder = await temporaryFolder()
    const root = await realpath(folder.path)
    await writeFile(join(root, name), Buffer.alloc(100_000, 'x'))
    const gone = new AbortController()
    const { send } = await archive(openTree({ root }), [name], gone.signal)
    gone.abort()
    const failures: unknown[] = []
    const fail = (error: unknown) => void failures.push(error)
    process.on('uncaughtException', fail)
    try {
      await expect(send(() => Promise.reject(new Error('The client has left.')))).rejects.toThrow()
      for (let round = 0; round < 10; round++) await setImmediate()
    } finally {
      process.off('uncaughtException', fail)
    }
    expect(failures).toEqual([])
  },
)
