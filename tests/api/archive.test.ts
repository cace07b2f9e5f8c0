/** Computers that nobody uses: packed away in time, and back with the next visit, whoever is killed on the way. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitUntilRunning } from '@matrixos/client'
import { until } from '@matrixos/testing/until'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { containerSlots, instances } from '../../apps/api/src/db/schema/index.ts'
import { newAdmin, newPerson } from '../support/administrator.ts'
import { startApi, type TestApi, visit } from '../support/api.ts'
import { enter } from '../support/enter.ts'

vi.setConfig({ testTimeout: 60_000 })

let api: TestApi
let admin: Awaited<ReturnType<typeof newAdmin>>
beforeAll(async () => {
  api = await startApi({ env: { IDLE_LIMIT_S: '1', ARCHIVE_AFTER_DAYS: String(3 / 86_400) } })
  admin = await newAdmin(api, 'rootadmin')
})
afterAll(async () => await api[Symbol.asyncDispose]())

const folderOf = (handle: string) => join(api.env.DATA_DIR, 'instances', handle)
const noteOf = (handle: string) => join(folderOf(handle), 'matrixos', 'note.txt')
const archiveOf = (handle: string) => join(folderOf(handle), 'archive.tar.zst')

const rowOf = async (handle: string) => {
  const rows = await api.database.db.select().from(instances).where(eq(instances.handle, handle))
  if (!rows[0]) throw new Error(`${handle} has no instance.`)
  return rows[0]
}

const untilArchived = (handle: string) =>
  until(
    'it is archived',
    async () => {
      await api.report({})
      return (await rowOf(handle)).observed === 'archived'
    },
    30_000,
  )

it('packs away what nobody uses, gives its slot back, and unpacks it for the next visit', async () => {
  const ada = await newPerson(api, 'ada')
  await waitUntilRunning(ada.client)
  const cookie = await enter(api, ada.client, 'ada')
  writeFileSync(noteOf('ada'), 'Buy milk', { mode: 0o640 })
  await untilArchived('ada')
  expect([existsSync(noteOf('ada')), existsSync(archiveOf('ada'))]).toEqual([false, true])
  const { id } = await rowOf('ada')
  const slots = api.database.db.select().from(containerSlots).where(eq(containerSlots.instanceId, id))
  expect(await slots).toEqual([])
  expect(await ada.client.trpc.tenants.mine.query()).toMatchObject({
    desired: 'archived',
    observed: 'archived',
  })

  const opened = await until('it is back', async () => {
    const asked = await api.ask('ada.localhost', visit('/', cookie))
    return asked.status === 204 && asked
  })
  expect(opened.status).toBe(204)
  expect(readFileSync(noteOf('ada'), 'utf8')).toBe('Buy milk')
  expect(existsSync(archiveOf('ada'))).toBe(false)
  const kinds = async () => {
    const { timeline } = await admin.client.trpc.admin.people.get.query({ handle: 'ada' })
    return timeline.map(({ kind }) => kind)
  }
  await until('its timeline tells', async () => (await kinds()).includes('restored'))
  expect(await kinds()).toEqual(expect.arrayContaining(['archived', 'restored']))
})

it('deletes what is archived, and all that is kept of it', async () => {
  const bob = await newPerson(api, 'bob')
  // On a busy machine it sleeps again before anybody has seen it run.
  await until('it has run', async () => (await rowOf('bob')).hasRun, 30_000)
  const { id: instanceId } = await bob.client.trpc.tenants.mine.query()
  await untilArchived('bob')
  await bob.client.trpc.tenants.delete.mutate({ instanceId, handle: 'bob' })
  await until('it is gone', async () => !existsSync(folderOf('bob')))
})

it('says why the files are not back yet, keeps them, and goes on by itself', async () => {
  const cleo = await newPerson(api, 'cleo')
  await waitUntilRunning(cleo.client)
  const { id: instanceId } = await cleo.client.trpc.tenants.mine.query()
  writeFileSync(noteOf('cleo'), 'Buy milk')
  await untilArchived('cleo')
  const whole = readFileSync(archiveOf('cleo'))
  writeFileSync(archiveOf('cleo'), whole.subarray(0, 100))
  await cleo.client.trpc.tenants.wake.mutate({ instanceId })
  const failing = await until('it fails', async () => {
    const { error, observed } = await cleo.client.trpc.tenants.wake.mutate({ instanceId })
    return error && { error, observed }
  })
  expect(failing).toMatchObject({
    observed: 'restoring',
    error: { message: expect.stringContaining('Nothing is lost') },
  })
  expect(existsSync(noteOf('cleo'))).toBe(false)
  writeFileSync(archiveOf('cleo'), whole)
  // Its idle time is a second here: it is wanted for as long as it is not back.
  await until('it is back', async () => {
    const { observed } = await cleo.client.trpc.tenants.wake.mutate({ instanceId })
    return observed === 'running'
  })
  expect(readFileSync(noteOf('cleo'), 'utf8')).toBe('Buy milk')
})
