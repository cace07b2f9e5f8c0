/** What administrators see of upgrades while the database goes away. */
import { expect, it } from 'vitest'
import { createUpgrades, type UpgradesOptions } from './service.ts'
import type { RolloutStore } from './store.ts'

const GONE = new Error('the database system is starting up')
const LAST = { id: 1, imageSet: 'image', state: 'running', startedByHandle: null }

type Latest = Awaited<ReturnType<RolloutStore['latest']>>

it('fails as a whole, and leaves no failure that nobody waits for', async () => {
  let asked = 0
  const store = {
    // For what the api begins with and for the list; the last one has no answer yet when the others fail.
    latest: () => (++asked > 2 ? new Promise<never>(() => undefined) : Promise.resolve([LAST] as Latest)),
    images: async () => [],
    counts: () => Promise.reject(GONE),
    failed: () => Promise.reject(GONE),
  } as unknown as RolloutStore
  const options = { imageSet: 'image', store } as UpgradesOptions
  const { view } = await createUpgrades(options)
  await expect(view()).rejects.toBe(GONE)
})
