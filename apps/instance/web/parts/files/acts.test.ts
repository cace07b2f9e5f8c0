import { expect, test, vi } from 'vitest'
import { createActs } from './acts.ts'
import { files } from './client/files.ts'
import { FilesError } from './client/problem.ts'
import type { Toast } from './ui/toast.tsx'

const located = (path: string) => ({
  ...{ path, name: path, kind: 'file' as const, size: 0, modifiedAt: '', version: '1' },
})

function home() {
  const said: Toast[] = []
  const api = {
    ...files,
    list: vi.fn(async () => ({ entries: [located('a.txt')], version: '1', isComplete: true })),
    makeFolder: vi.fn(async (path: string) => located(path)),
    move: vi.fn(async (_: string, to: string) => located(to)),
    copy: vi.fn(async (_: string, to: string) => located(to)),
    trash: vi.fn(async () => ({ id: 't1' })),
    delete: vi.fn(async () => new Response()),
    restore: vi.fn(async () => ({ entries: [] })),
  }
  return { api, said, acts: createActs({ api, say: (toast) => void said.push(toast) }) }
}

test('makes a folder under a name that is free', async () => {
  const { acts, api } = home()
  expect(await acts.makeFolder('docs', [located('New folder')])).toBe('docs/New folder 2')
  expect(api.makeFolder).toHaveBeenCalledWith('docs/New folder 2')
})

test('moves what is elsewhere, never a folder into itself, and back again', async () => {
  const { acts, api, said } = home()
  await acts.move(['a/one', 'b', 'b/c/two', 'three'], 'b/c')
  expect(api.move.mock.calls).toEqual([
    ['a/one', 'b/c/one'],
    ['three', 'b/c/three'],
  ])
  expect(said[0]?.words).toBe('2 items moved to “c”.')
  said[0]?.action?.run()
  await expect.poll(() => said[1]?.words).toBe('2 items moved back.')
  expect(api.move.mock.calls.slice(2)).toEqual([
    ['b/c/one', 'a/one'],
    ['b/c/three', 'three'],
  ])
})

test('copies beside what is there', async () => {
  const { acts, api } = home()
  await acts.copy(['a.txt', 'sub/a.txt'], '')
  expect(api.copy.mock.calls).toEqual([
    ['a.txt', 'a 2.txt'],
    ['sub/a.txt', 'a 3.txt'],
  ])
})

test('throws away as many as there are, and takes all of it back', async () => {
  const { acts, api, said } = home()
  await acts.trash(Array.from({ length: 2_500 }, (_, index) => `f${index}`))
  expect(api.trash).toHaveBeenCalledTimes(3)
  expect(said[0]?.words).toBe('2,500 items moved to the trash.')
  said[0]?.action?.run()
  await expect.poll(() => said[1]?.words).toBe('2,500 items restored.')
  expect(api.restore).toHaveBeenCalledTimes(3)
})

test('says what went wrong, and stops where nothing else would go right', async () => {
  const { acts, api, said } = home()
  api.move.mockRejectedValueOnce(new FilesError('It is there already.', { status: 409 }))
  await acts.move(['a/one', 'a/two'], '')
  expect(api.move).toHaveBeenCalledTimes(2)
  expect(said).toEqual([{ words: 'It is there already.', isBad: true }])
  api.move.mockRejectedValue(new FilesError('Your disk is full.', { status: 507 }))
  await acts.move(['a/one', 'a/two'], '')
  expect(api.move).toHaveBeenCalledTimes(3)
  expect(await acts.rename('a/one', 'b')).toBeNull()
})

test('offers to delete for good what the trash has no room for, and does so only when told to', async () => {
  const { acts, api, said } = home()
  api.trash.mockRejectedValue(new FilesError('Your disk is full.', { status: 507 }))
  await acts.trash(['a.txt'])
  expect(said[0]).toMatchObject({ isBad: true, isHeld: true, action: { label: 'Delete for good' } })
  expect(said[0]?.words).toContain('too full to keep “a.txt” in the trash')
  expect(api.delete).not.toHaveBeenCalled()
  said[0]?.action?.run()
  await expect.poll(() => said[1]?.words).toBe('“a.txt” deleted for good.')
  expect(api.delete).toHaveBeenCalledExactlyOnceWith(['a.txt'])
})

test('keeps a new name that could not be given, to be given once there is a connection', async () => {
  const { acts, api, said } = home()
  api.move.mockRejectedValueOnce(new FilesError('I can’t be reached right now.', { status: 0 }))
  expect(await acts.rename('docs/a.txt', 'b.txt')).toBeNull()
  expect(said[0]).toMatchObject({
    isHeld: true,
    words: expect.stringContaining('is not called “b.txt” yet.'),
  })
  said[0]?.action?.run()
  expect(api.move).toHaveBeenLastCalledWith('docs/a.txt', 'docs/b.txt')
  expect(api.move).toHaveBeenCalledTimes(2)
})
