import { expect, test } from 'vitest'
import { FilesError } from '../client/problem.ts'
import type { UploadsApi } from '../client/uploads.ts'
import { createTransfers } from './engine.ts'
import type { Transfer } from './transfer.ts'
import { waitingWords } from './waiting.ts'

const MB = 1024 * 1024

/** A computer that takes uploads, and that can be told to fail. */
function computer() {
  const uploads = new Map<string, { path: string; size: number; offset: number }>()
  const arrived: string[] = []
  const there = new Set<string>()
  let fault: ((call: string) => FilesError | null) | null = null
  let next = 1
  const check = (call: string) => {
    const error = fault?.(call) ?? null
    if (error) throw error
  }
  const shape = (id: string) => {
    const upload = uploads.get(id)
    if (!upload) throw new FilesError('That upload is gone.', { status: 404 })
    return { id, ...upload, startedAt: '2026-01-01T00:00:00.000Z' }
  }
  const api: UploadsApi = {
    async begin({ path, size, ifExists }) {
      check('begin')
      if (there.has(path) && ifExists === 'refuse') throw new FilesError('It is there.', { status: 409 })
      const id = `u${next++}`
      uploads.set(id, { path, size, offset: 0 })
      return shape(id)
    },
    async look(id) {
      check('look')
      return shape(id)
    },
    async send(id, offset, piece) {
      const upload = shape(id)
      if (offset !== upload.offset) throw new FilesError('Not there.', { status: 409, offset: upload.offset })
      check('send before')
      uploads.set(id, { ...upload, offset: offset + piece.size })
      check('send after')
      return shape(id)
    },
    async finish(id) {
      check('finish')
      const { path, size, offset, startedAt } = shape(id)
      expect(offset).toBe(size)
      arrived.push(path)
      return { path, name: path, kind: 'file', size, modifiedAt: startedAt, version: '1' }
    },
    async giveUp(id) {
      uploads.delete(id)
      return new Response()
    },
  }
  return {
    api,
    uploads,
    arrived,
    there,
    fail: (next: typeof fault) => {
      fault = next
    },
  }
}

function page(api: UploadsApi) {
  const waiting: (() => void)[] = []
  const kept = new Map<string, Transfer>()
  let id = 1
  const transfers = createTransfers({
    api,
    keep: {
      save: (all) => all.forEach((one) => void kept.set(one.id, one)),
      remove: (ids) => ids.forEach((one) => void kept.delete(one)),
      saveSource: () => undefined,
    },
    newId: () => `t${id++}`,
    now: () => 0,
    later: (act) => {
      waiting.push(act)
      return () => void waiting.splice(0)
    },
    schedule: (tell) => tell(),
    onArrived: () => undefined,
  })
  const states = () => transfers.view().transfers.map(({ state }) => state)
  const ids = () => transfers.view().transfers.map((one) => one.id)
  return { transfers, states, ids, kept, waiting, retry: () => waiting.shift()?.() }
}

const file = (name: string, size = 10) => new File([new Uint8Array(size)], name, { lastModified: 0 })
const incoming = (name: string, size?: number) => ({ path: name, source: file(name, size) })

test('sends everything, piece by piece, and forgets what has arrived', async () => {
  const { api, arrived } = computer()
  const { transfers, states, kept } = page(api)
  transfers.add([incoming('a', 3 * MB), incoming('b', 0), incoming('c'), incoming('d'), incoming('e')])
  expect(kept.size).toBe(5)
  await expect.poll(states).toEqual(Array(5).fill('done'))
  expect(arrived.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(kept.size).toBe(0)
})

test('waits for the connection, and goes on where the computer has got to', async () => {
  const { api, fail, uploads, arrived } = computer()
  const { transfers, states, retry } = page(api)
  // The piece arrives; its answer is lost.
  fail((call) => (call === 'send after' ? new FilesError('No connection.', { status: 0 }) : null))
  transfers.add([incoming('a', 2 * MB)])
  await expect.poll(states).toEqual(['waiting'])
  expect(transfers.view().transfers[0]?.message).toBe('No connection.')
  const had = uploads.get('u1')?.offset ?? 0
  expect(had).toBeGreaterThan(0)
  fail((call) => (call === 'begin' ? new FilesError('It began anew.', { status: 500 }) : null))
  retry()
  await expect.poll(states).toEqual(['done'])
  expect(arrived).toEqual(['a'])
})

test('goes on from where it is told when a piece had arrived after all', async () => {
  const { api, uploads, arrived } = computer()
  uploads.set('u9', { path: 'a', size: 2 * MB, offset: MB })
  // Read before that piece was counted.
  const look: UploadsApi['look'] = async (id, signal) => ({ ...(await api.look(id, signal)), offset: 0 })
  const { transfers, states } = page({ ...api, look })
  const begun = {
    batch: 'x',
    modifiedAt: new Date(0).toISOString(),
    ifExists: 'refuse',
    message: null,
  } as const
  transfers.adopt([
    {
      transfer: { ...begun, id: 'a', path: 'a', size: 2 * MB, uploadId: 'u9', sent: 0, state: 'waiting' },
      source: file('a', 2 * MB),
    },
  ])
  await expect.poll(states).toEqual(['done'])
  expect(arrived).toEqual(['a'])
})

test('asks once for everything that is there already', async () => {
  const { api, there, arrived } = computer()
  const { transfers, states, ids } = page(api)
  for (const name of ['a', 'b']) there.add(name)
  transfers.add([incoming('a'), incoming('b'), incoming('c')])
  await expect.poll(states).toEqual(['asking', 'asking', 'done'])
  transfers.answer(transfers.view().transfers[0]?.batch ?? '', 'rename')
  await expect.poll(states).toEqual(['done', 'done', 'done'])
  expect(arrived).toEqual(['c', 'a', 'b'])
  transfers.add([incoming('a')])
  await expect.poll(states).toContain('asking')
  transfers.answer(transfers.view().transfers.at(-1)?.batch ?? '', 'skip')
  expect(ids()).toHaveLength(3)
})

test('halts when the disk is full, and goes on when asked to', async () => {
  const { api, fail } = computer()
  const { transfers, states, ids } = page(api)
  fail((call) => (call === 'send before' ? new FilesError('Your disk is full.', { status: 507 }) : null))
  transfers.add(['a', 'b', 'c', 'd', 'e'].map((name) => incoming(name)))
  await expect.poll(states).toEqual(['failed', 'failed', 'failed', 'waiting', 'waiting'])
  expect(transfers.view().halted).toBe('Your disk is full.')
  fail(null)
  transfers.resume(ids())
  await expect.poll(states).toEqual(Array(5).fill('done'))
  expect(transfers.view().halted).toBeNull()
})

test('pauses, goes on, and gives up', async () => {
  const { api, uploads, fail } = computer()
  const { transfers, states, ids } = page(api)
  fail((call) => (call === 'finish' ? new FilesError('No connection.', { status: 0 }) : null))
  transfers.add([incoming('a', MB)])
  await expect.poll(states).toEqual(['waiting'])
  transfers.pause(ids())
  expect(states()).toEqual(['paused'])
  transfers.nudge()
  expect(states()).toEqual(['paused'])
  transfers.resume(ids())
  await expect.poll(states).toEqual(['waiting'])
  expect(uploads.size).toBe(1)
  transfers.cancel(ids())
  await expect.poll(() => uploads.size).toBe(0)
  expect(states()).toEqual([])
})

test('takes over what a page before has begun, and asks for bytes that are gone', async () => {
  const { api, uploads, arrived } = computer()
  uploads.set('u9', { path: 'a', size: 2 * MB, offset: MB })
  const { transfers, states } = page(api)
  const base = {
    batch: 'x',
    modifiedAt: new Date(0).toISOString(),
    ifExists: 'refuse',
    message: null,
  } as const
  const begun: Transfer = {
    ...base,
    id: 'a',
    path: 'a',
    size: 2 * MB,
    uploadId: 'u9',
    sent: 0,
    state: 'sending',
  }
  const lost: Transfer = { ...begun, id: 'b', path: 'folder/b', uploadId: null, size: 10, state: 'waiting' }
  transfers.adopt([
    { transfer: begun, source: file('a', 2 * MB) },
    { transfer: lost, source: undefined },
  ])
  await expect.poll(states).toEqual(['done', 'lost'])
  expect(waitingWords(transfers.view())).toBe('To go on with an upload, I need its file once more.')
  expect(transfers.supply([file('b', 11)])).toBe(0)
  expect(transfers.supply([file('b')])).toBe(1)
  await expect.poll(states).toEqual(['done', 'done'])
  expect(arrived).toEqual(['a', 'folder/b'])
})

test('says when the browser cannot read a file any more', async () => {
  const { api } = computer()
  const { transfers, states } = page(api)
  const source = file('a')
  source.slice = () => {
    const part = new Blob()
    part.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'))
    return part
  }
  transfers.add([{ path: 'a', source }])
  await expect.poll(states).toEqual(['failed'])
  expect(transfers.view().transfers[0]?.message).toMatch(/can’t read/)
})

test.each([
  [{ status: 507 }, 'No room.'],
  [{ status: 500 }, 'An upload could not be finished.'],
  [{ status: 409 }, 'An upload has a question.'],
  [{ status: 0 }, null],
])('says what somebody has to do where the answer is %j', async (problem, words) => {
  const { api, fail } = computer()
  const { transfers, states } = page(api)
  fail(() => new FilesError('No room.', problem))
  expect(waitingWords(transfers.view())).toBeNull()
  transfers.add([incoming('a')])
  await expect.poll(() => transfers.view().transfers[0]?.message).toBe('No room.')
  expect(states()).not.toEqual(['done'])
  expect(waitingWords(transfers.view())).toBe(words)
})
