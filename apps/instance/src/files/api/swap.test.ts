/** A folder is swapped for a link that leads out, at the one moment that matters: after it was looked at, before it is used. */
import { renameSync, symlinkSync } from 'node:fs'
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { archive } from './archive.ts'
import { copyEntry, moveEntry } from './change.ts'
import { createGate } from './gate.ts'
import { listFolder, statPath } from './listing.ts'
import { makeFile, makeFolder } from './make.ts'
import { saveContent } from './save.ts'
import { search } from './search.ts'
import { createTrash, deletePaths } from './trash.ts'
import { openTree, type Tree } from './tree.ts'
import { createUploads } from './uploads.ts'

const signal = new AbortController().signal
const oneAtATime = createGate()
const trashOf = (tree: Tree) => createTrash({ tree, now: () => new Date(0), oneAtATime })

function sent(body: string, headers: IncomingHttpHeaders = { 'if-none-match': '*' }): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.headers = headers
  request.push(body)
  request.push(null)
  return request
}

type Act = (tree: Tree) => Promise<unknown>
const ACTS: Record<string, Act> = {
  'moves into': (tree) => moveEntry(tree, { from: 'mine', to: 'box/moved' }, oneAtATime),
  'moves out of': (tree) => moveEntry(tree, { from: 'box/both', to: 'taken' }, oneAtATime),
  'copies into': (tree) => copyEntry(tree, { from: 'mine', to: 'box/copied' }, signal, oneAtATime),
  'copies out of': (tree) => copyEntry(tree, { from: 'box/both', to: 'taken' }, signal, oneAtATime),
  'copies all of': (tree) => copyEntry(tree, { from: 'box', to: 'taken' }, signal, oneAtATime),
  'saves into': (tree) =>
    saveContent(tree, { path: 'box/saved', makesFolders: true, request: sent('own') }, oneAtATime),
  'saves over what is in': async (tree) => {
    const { version } = await statPath(tree, 'box/both')
    const request = sent('own', { 'if-match': `"${version}"` })
    await saveContent(tree, { path: 'box/both', makesFolders: false, request }, oneAtATime)
  },
  'uploads into': async (tree) => {
    const uploads = createUploads({ tree, now: () => new Date(0), oneAtATime })
    const { id } = await uploads.create({ path: 'box/new/up', size: 3, ifExists: 'replace' })
    await uploads.append(id, 0, sent('own'))
    await uploads.finish(id)
  },
  'brings back into': async (tree) => {
    const trash = trashOf(tree)
    await trash.restore(await trash.put(['box/sub']))
  },
  'makes a folder in': (tree) => makeFolder(tree, 'box/new'),
  'makes a file in': (tree) => makeFile(tree, 'box/new'),
  'throws away from': (tree) => trashOf(tree).put(['box/both']),
  'throws a folder away from': (tree) => trashOf(tree).put(['box/sub']),
  'deletes from': (tree) => deletePaths(tree, ['box/both']),
  'deletes a folder from': (tree) => deletePaths(tree, ['box/sub']),
  lists: async (tree) => {
    const { entries } = await listFolder(tree, 'box')
    expect(entries.map(({ name }) => name)).not.toContain('secret')
  },
  packs: async (tree) => {
    const { send } = await archive(tree, ['box'], signal)
    let sent = ''
    await send(async (bytes) => {
      sent += bytes.toString('latin1')
    })
    expect(sent).not.toContain('secret')
  },
  searches: async (tree) => {
    const query = { query: 'hidden', where: 'contents', path: 'box', signal, clock: () => 0 } as const
    for await (const line of search(tree, query)) expect(line).not.toMatchObject({ type: 'match' })
  },
}

/** Gives its place to a link at the `nth` time that somebody has just opened `box`, or something in it. */
async function home(nth: number, options: { hasProc?: boolean } = {}) {
  const folder = await temporaryFolder()
  const root = join(await realpath(folder.path), 'home')
  const outside = join(root, '../outside')
  for (const each of [join(root, 'box/sub'), join(outside, 'sub')]) await mkdir(each, { recursive: true })
  for (const name of ['secret', 'both', 'sub/secret']) await writeFile(join(outside, name), 'hidden')
  for (const name of ['mine', 'box/both', 'box/sub/own']) await writeFile(join(root, name), 'own')
  const real = openTree({ root, ...options })
  let times = 0
  const swap = (path: string) => {
    if (!/^box(\/|$)/.test(path) || ++times !== nth) return
    renameSync(join(root, 'box'), join(root, 'kept'))
    symlinkSync(outside, join(root, 'box'))
  }
  const tree: Tree = {
    ...real,
    pin: (path) => real.pin(path).finally(() => swap(path)),
    pinExactly: (path) => real.pinExactly(path).finally(() => swap(path)),
    spot: (path) => real.spot(path).finally(() => swap(path)),
  }
  return {
    tree,
    wasSwapped: () => times >= nth,
    async expectApart() {
      expect((await readdir(outside, { recursive: true })).sort()).toEqual([
        'both',
        'secret',
        'sub',
        'sub/secret',
      ])
      for (const name of ['both', 'secret', 'sub/secret']) {
        expect(await readFile(join(outside, name), 'utf8')).toBe('hidden')
      }
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile() && !path.startsWith(join(root, 'box/')))
          expect(await readFile(path, 'utf8')).not.toBe('hidden')
      }
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

test.each(Object.entries(ACTS))('%s a folder, and no other that takes its name meanwhile', async (_, act) => {
  for (let nth = 1; ; nth++) {
    await using it = await home(nth)
    // Done in the folder as it was, or refused.
    await act(it.tree).catch((error) => expect(error).toMatchObject({ message: expect.any(String) }))
    await it.expectApart()
    if (!it.wasSwapped()) break
  }
})
