/** What owners read of what their computers printed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
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

/** Prints its number, the secrets that it was given, and what it is asked for. */
const program = `
const { appendFileSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const starts = join(process.env.MATRIX_HOME, 'starts')
appendFileSync(starts, '.')
console.log('start', readFileSync(starts, 'utf8').length)
console.log('with', process.env.MATRIX_AUTH_TOKEN, process.env.ANTHROPIC_API_KEY)
require('node:http').createServer((request, response) => {
  if (request.url !== '/health') console.log('asked for', request.url)
  response.end('{"status":"ok"}')
}).listen(Number(process.env.PORT))
process.on('SIGTERM', () => process.exit(0))
`

async function person() {
  const folder = mkdtempSync(join(tmpdir(), 'mos-output-'))
  folders.push(folder)
  const entry = join(folder, 'main.cjs')
  writeFileSync(entry, program)
  const runtime = createProcessRuntime({ stateDir: join(folder, 'runtime'), entries: [entry] })
  api = await startApi({ runtime: () => runtime })
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'printer' })
  const { id: instanceId } = await waitUntilRunning(client)
  return { client, instanceId }
}

it('shows the present run and the two before, without their secrets', async () => {
  const { client, instanceId } = await person()
  for (let sleeps = 0; sleeps < 3; sleeps++) {
    await putInstanceToSleep(client)
    await until('it sleeps', async () => (await client.trpc.tenants.mine.query()).observed === 'stopped')
    await wakeInstance(client)
    await waitUntilRunning(client)
  }
  await until('its ends are noted', async () => {
    const events = (await api?.database.db.query.instanceEvents.findMany()) ?? []
    return events.filter(({ kind }) => kind === 'slept').length === 3
  })
  for (const [run, start] of [
    [0, 4],
    [1, 3],
    [2, 2],
  ] as const) {
    const { runs, text } = await client.trpc.output.of.query({ instanceId, run })
    expect(runs.map(({ how }) => how)).toEqual([null, 'slept', 'slept'])
    expect(text).toBe(`start ${start}\nwith [redacted] [redacted]`)
  }
})

it('goes on while somebody reads along', async () => {
  const { client, instanceId } = await person()
  const seen: string[] = []
  const following = client.trpc.output.follow.subscribe(
    { instanceId },
    { onData: ({ data }) => seen.push(data) },
  )
  await until('the first look', () => seen.some((text) => text.includes('start 1')))
  const row = await api?.database.db.query.instances.findFirst()
  await fetch(`http://127.0.0.1:${row?.address?.gatewayPort}/something`)
  await until('it is told', () => seen.some((text) => text.endsWith('asked for /something')))
  following.unsubscribe()
})

it('shows nobody else’s', async () => {
  const { instanceId } = await person()
  const stranger = api?.client()
  if (!stranger) throw new Error('There is no api.')
  await signUp({ client: stranger, authenticator: createAuthenticator(), handle: 'stranger' })
  await expect(stranger.trpc.output.of.query({ instanceId })).rejects.toThrow('You have no computer here.')
  const refused = Promise.withResolvers<string>()
  stranger.trpc.output.follow.subscribe(
    { instanceId },
    { onError: ({ message }) => refused.resolve(message), onData: ({ data }) => refused.resolve(data) },
  )
  expect(await refused.promise).toContain('You have no computer here.')
})
