/** A deletion and its grace, on any of two api processes: closed at once, had back as it was, or gone after it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deleteInstance, logIn, waitUntilRunning } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { instances } from '../../apps/api/src/db/schema/index.ts'
import { newPerson } from '../support/administrator.ts'
import { sameOrigin, startApi, type TestApi, visit } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { enter } from '../support/enter.ts'

vi.setConfig({ testTimeout: 60_000 })

let one: TestApi
let other: TestApi
beforeAll(async () => {
  // Half a minute: its end is looked for every few seconds.
  one = await startApi({ env: { DELETION_GRACE_DAYS: String(30 / 86_400) } })
  other = await startApi({ beside: one })
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

const rowOf = async (handle: string) => {
  const rows = await one.database.db.select().from(instances).where(eq(instances.handle, handle))
  return rows[0]
}
const noteOf = (handle: string) => join(one.env.DATA_DIR, 'instances', handle, 'matrixos', 'note.txt')

it('closes a computer at once, and brings everything back for whoever signs in and wants it', async () => {
  const ada = await newPerson(one, 'ada')
  await waitUntilRunning(ada.client)
  const cookie = await enter(one, ada.client, 'ada')
  const { id: instanceId } = await ada.client.trpc.tenants.mine.query()
  writeFileSync(noteOf('ada'), 'Buy milk')
  await deleteInstance(ada.client, 'ada')
  for (const api of [one, other])
    await until(
      'it is closed',
      async () => (await api.ask('ada.localhost', visit('/', cookie))).status === 404,
    )
  await until('it sleeps', async () => (await rowOf('ada'))?.observed === 'stopped')
  expect((await refusal(ada.client.trpc.tenants.wake.mutate({ instanceId }))).code).toBe('conflict')

  await logIn(ada)
  const shown = await ada.client.trpc.tenants.mine.query()
  expect(shown).toMatchObject({ desired: 'leaving', deletionDueAt: expect.any(String) })
  const kept = await ada.client.trpc.tenants.undoDeletion.mutate({ instanceId })
  expect(kept).toMatchObject({ desired: 'awake', deletionDueAt: null })
  await waitUntilRunning(ada.client)
  const again = await enter(one, ada.client, 'ada')
  expect((await one.ask('ada.localhost', sameOrigin('/', again))).status).toBe(204)
  expect(readFileSync(noteOf('ada'), 'utf8')).toBe('Buy milk')
})

it('deletes all of it when the grace is over, and not a moment before', async () => {
  const bob = await newPerson(one, 'bob')
  await waitUntilRunning(bob.client)
  const { id: instanceId } = await bob.client.trpc.tenants.mine.query()
  writeFileSync(noteOf('bob'), 'Buy milk')
  await deleteInstance(bob.client, 'bob')
  await until('it sleeps', async () => (await rowOf('bob'))?.observed === 'stopped')
  expect(existsSync(noteOf('bob'))).toBe(true)
  await one.database.db
    .update(instances)
    .set({ deletionDueAt: sql`now()` })
    .where(eq(instances.handle, 'bob'))
  await until('it is gone', async () => (await rowOf('bob')) === undefined, 30_000)
  expect(existsSync(noteOf('bob'))).toBe(false)
  const late = await refusal(bob.client.trpc.tenants.undoDeletion.mutate({ instanceId }))
  expect(['unauthorized', 'not_found']).toContain(late.code)
})
