/** A computer that its runtime takes to run, and that no longer answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { afterEach, expect, it, vi } from 'vitest'
import { createProcessRuntime } from '../../apps/api/src/drivers/runtime/process/index.ts'
import { startApi, type TestApi } from '../support/api.ts'

vi.setConfig({ testTimeout: 120_000 })

let api: TestApi | undefined
const folders: string[] = []
afterEach(async () => {
  await api?.[Symbol.asyncDispose]()
  api = undefined
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Hangs while the file is there: it listens, and answers nothing. */
const program = (hangs: string) => `
const { existsSync } = require('node:fs')
let caught = 0
require('node:http').createServer((request, response) => {
  if (existsSync(${JSON.stringify(hangs)})) {
    if (caught++ === 0) console.log('caught in a loop')
    return
  }
  response.end('{"status":"ok"}')
}).listen(Number(process.env.PORT), () => console.log('listening'))
process.on('SIGTERM', () => process.exit(0))
`

async function person(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mos-hang-'))
  folders.push(folder)
  const [entry, hangs] = [join(folder, 'main.cjs'), join(folder, 'hangs')]
  writeFileSync(entry, program(hangs))
  api = await startApi({
    runtime: () => createProcessRuntime({ stateDir: join(folder, 'runtime'), entries: [entry] }),
    env: { HEALTH_CHECK_S: '0.1', HEALTH_TIMEOUT_S: '1', ...env },
  })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'hangs' })
  await waitUntilRunning(client)
  const row = async () => await api?.database.db.query.instances.findFirst()
  return { client, row, hang: () => writeFileSync(hangs, ''), recover: () => rmSync(hangs) }
}

it('is started anew by itself, and says what happened', async () => {
  const { client, row, hang, recover } = await person()
  hang()
  await until('it was found', async () => ((await row())?.failures ?? 0) > 0)
  recover()
  const running = await waitUntilRunning(client)
  expect(running.error).toBeNull()
  const kinds = await until('it is told', async () => {
    const events = (await api?.database.db.query.instanceEvents.findMany()) ?? []
    const told = events.map(({ kind, detail }) => [kind, detail])
    return told.some(([kind]) => kind === 'restarted') && told.at(-1)?.[0] === 'woke' && told
  })
  expect(kinds).toContainEqual(['restarted', 'instance_unhealthy'])
})

it('rests as failed when it hangs again and again, with its last words for its owner', async () => {
  const { client, row, hang, recover } = await person()
  for (const times of [1, 2, 3, 4]) {
    await waitUntilRunning(client)
    hang()
    await until('it was found', async () => (await row())?.failures === times, 30_000)
    // Each start goes well: what hangs while it starts is a start that fails.
    recover()
  }
  await until('it rests', async () => (await row())?.observed === 'failed')
  const { error, nextAttemptAt } = await client.trpc.tenants.mine.query()
  expect(error).toMatchObject({
    code: 'instance_unhealthy',
    message: expect.stringContaining('4 times in a row'),
    detail: expect.stringContaining('caught in a loop'),
  })
  expect(Date.parse(nextAttemptAt ?? '') - Date.now()).toBeGreaterThan(30_000)
})

it('is started anew when its owner says so, and that is no failure', async () => {
  const { client, row } = await person({ RESTARTS_PER_ACCOUNT_PER_HOUR: '1' })
  const { id } = await client.trpc.tenants.mine.query()
  expect(await client.trpc.tenants.restart.mutate({ instanceId: id })).toMatchObject({
    observed: 'stopping',
    error: null,
  })
  await waitUntilRunning(client)
  expect((await row())?.failures).toBe(0)
  const kinds = await until('it is told', async () => {
    const events = (await api?.database.db.query.instanceEvents.findMany()) ?? []
    const told = events.map(({ kind, detail }) => [kind, detail])
    return told.some(([kind]) => kind === 'restarted') && told
  })
  expect(kinds).toContainEqual(['restarted', null])
  await expect(client.trpc.tenants.restart.mutate({ instanceId: id })).rejects.toThrow(
    'You have restarted your computer too often in the last hour.',
  )
})

it('stays asleep when its owner wants it anew while it sleeps', async () => {
  const { client } = await person()
  await putInstanceToSleep(client)
  await until('it sleeps', async () => (await client.trpc.tenants.mine.query()).observed === 'stopped')
  const { id } = await client.trpc.tenants.mine.query()
  expect(await client.trpc.tenants.restart.mutate({ instanceId: id })).toMatchObject({
    desired: 'asleep',
    observed: 'stopped',
  })
})

it('is nobody else’s to start anew', async () => {
  const { client } = await person()
  const { id } = await client.trpc.tenants.mine.query()
  const stranger = api?.client()
  if (!stranger) throw new Error('There is no api.')
  await signUp({ client: stranger, authenticator: createAuthenticator(), handle: 'stranger' })
  await expect(stranger.trpc.tenants.restart.mutate({ instanceId: id })).rejects.toThrow(
    'You have no computer here.',
  )
  expect((await client.trpc.tenants.mine.query()).observed).toBe('running')
})
