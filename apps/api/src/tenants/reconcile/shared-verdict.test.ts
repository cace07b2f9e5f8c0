import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../db/database.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createSharedVerdict, createVerdictStore } from './shared-verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-verdict-'))
let database: Database
beforeAll(async () => {
  database = await openPrepared(folder)
}, 180_000)
beforeEach(() => createVerdictStore(database).write(null))
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One api process. */
function boot() {
  const state = { open: null as string | null, isAway: false }
  const store = createVerdictStore(database)
  const requireDatabase = () => {
    if (state.isAway) throw new Error('The database is away.')
  }
  const verdict = createSharedVerdict({
    store: {
      read: async () => {
        requireDatabase()
        return await store.read()
      },
      write: async (failure) => {
        requireDatabase()
        await store.write(failure)
      },
    },
    runtime: {
      foundOpen: () => state.open,
      takeFoundOpen: (failure) => {
        state.open = failure
      },
    },
  })
  const find = (failure: string | null) =>
    verdict.tell(async () => {
      state.open = failure
    })
  return { state, verdict, find, take: verdict.take }
}

it('counts in every process, and in one that starts anew, until any of them finds it closed', async () => {
  const [one, other] = [boot(), boot()]
  await one.find('a neighbour answered')
  await other.take()
  const anew = boot()
  await anew.take()
  expect([other.state.open, anew.state.open]).toEqual(['a neighbour answered', 'a neighbour answered'])
  await anew.find(null)
  await Promise.all([one.take(), other.take()])
  expect([one.state.open, other.state.open]).toEqual([null, null])
})

it('is not undone by a row that does not know of it yet', async () => {
  const { state, find, take, verdict } = boot()
  state.isAway = true
  await find('a port answered')
  await expect(take()).rejects.toThrow('away')
  expect(state.open).toBe('a port answered')
  state.isAway = false
  await take()
  await take()
  expect(state.open).toBe('a port answered')
  await verdict.tell(async () => {
    state.open = 'a port answered'
    await take()
  })
  expect(state.open).toBe('a port answered')
})

it('stays as it was where a test could not be made', async () => {
  const { state, find, take, verdict } = boot()
  await find('a neighbour answered')
  const failed = verdict.tell(async () => {
    throw new Error('The image has no Node.')
  })
  await expect(failed).rejects.toThrow('no Node')
  await take()
  expect(state.open).toBe('a neighbour answered')
})
