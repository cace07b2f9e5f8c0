import { afterEach, expect, test, vi } from 'vitest'
import { LIST_DATABASE } from './database.ts'
import { resumeTransfers } from './resume.ts'

const loaded = vi.hoisted(() => vi.fn())
vi.mock('./page.ts', () => {
  loaded()
  return {}
})

afterEach(() => vi.unstubAllGlobals())

test('goes on with transfers where a page has kept some, and loads nothing where none has', async () => {
  const databases = vi.fn(async () => [{ name: 'another' }])
  vi.stubGlobal('indexedDB', { databases })
  await resumeTransfers()
  expect(loaded).not.toHaveBeenCalled()
  databases.mockResolvedValue([{ name: LIST_DATABASE }])
  await resumeTransfers()
  expect(loaded).toHaveBeenCalledOnce()
})
