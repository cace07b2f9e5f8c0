/** What the platform hands to an instance: it is woken for it, and the answer is taken. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openSleepers } from '../tenants/idle/testing/sleepers.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { createHandOver } from './hand-over.ts'
import type { ErrandStore } from './store.ts'

let sleepers: Awaited<ReturnType<typeof openSleepers>>
beforeAll(async () => {
  sleepers = await openSleepers()
}, 180_000)
afterAll(() => sleepers.close())
beforeEach(() => sleepers.empty())

/** An instance that answers with `status`, and what it was sent. */
async function startInstance(status: number) {
  const seen: { headers: IncomingHttpHeaders; url: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    seen.push({ headers: request.headers, url: request.url ?? '', body: await text(request) })
    response.writeHead(status).end('{"message":"So it is."}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { seen, port, [Symbol.dispose]: () => void server.close() }
}

function handOverTo(
  row: InstanceRow | null,
  trust: 'edge' | 'bearer' = 'edge',
  port = 1,
  onSettled: (isOver: boolean) => void = () => undefined,
  hasTime = true,
  retract: ErrandStore['retract'] = async () => undefined,
) {
  const address = { host: '127.0.0.1', gatewayPort: port, shellPort: null, trust }
  return createHandOver({
    hosts: { instanceOrigin: (handle: string) => `https://${handle}.test` } as Parameters<
      typeof createHandOver
    >[0]['hosts'],
    cache: { get: () => (row ? { ...row, address } : undefined) },
    tokenOf: () => 'secret',
    clock: { now: () => 1_000 },
    errands: { begin: async () => (hasTime ? { beganAt: 'now', isOnly: true } : null), retract },
    tenants: {
      ensureAwake: async () => undefined,
      waitFor: async (_, when) => {
        const awake = row && { ...row, address }
        const isOver = awake !== null && when(awake)
        onSettled(isOver)
        return isOver ? awake : null
      },
    },
  })
}
const signal = new AbortController().signal

it('hands it to the awake instance as the platform, with the bearer of images that want one', async () => {
  const row = await sleepers.instance()
  using instance = await startInstance(202)
  for (const trust of ['edge', 'bearer'] as const)
    expect(await handOverTo(row, trust, instance.port)(row.id, 'messages', { a: 1 }, signal)).toEqual({
      kind: 'taken',
    })
  const [edge, bearer] = instance.seen
  expect([edge?.url, edge?.body]).toEqual(['/api/platform/messages', '{"a":1}'])
  expect([edge?.headers['x-mos-role'], edge?.headers.authorization]).toEqual(['platform', undefined])
  expect(edge?.headers['x-forwarded-host']).toBe(`${row.handle}.test`)
  expect(bearer?.headers.authorization).toBe('Bearer secret')
})

it.each([
  [404, 'refused'],
  [400, 'refused'],
  [429, null],
  [500, null],
])('takes the answer %i for %s', async (status, kind) => {
  const row = await sleepers.instance()
  using instance = await startInstance(status)
  const retracted: string[] = []
  const retract: ErrandStore['retract'] = async (id) => void retracted.push(id)
  const nothing = () => undefined
  const handed = handOverTo(
    row,
    'edge',
    instance.port,
    nothing,
    true,
    retract,
  )(row.id, 'messages', {}, signal)
  if (kind) expect((await handed).kind).toBe(kind)
  else await expect(handed).rejects.toThrow(String(status))
  expect(retracted).toEqual([row.id])
})

it.each([
  ['suspended', { isSuspended: true }],
  ['about to be deleted', { desired: 'deleted' }],
  ['failing, and not tried again yet', { observed: 'failed', nextAttemptAt: new Date(2_000) }],
] as const)('does not wait for an instance that is %s', async (_, state) => {
  const row = { ...(await sleepers.instance()), ...state }
  let settled: unknown
  const handOver = handOverTo(row, 'edge', 1, (answer) => {
    settled = answer
  })
  await expect(handOver(row.id, 'messages', {}, signal)).rejects.toThrow('did not wake')
  expect(settled).toBe(true)
})

it('wakes nothing that has had its share of the hour, and hands over what is awake all the same', async () => {
  const asleep = await sleepers.instance(undefined, { desired: 'asleep', observed: 'stopped' })
  let waited = false
  const late = handOverTo(
    asleep,
    'edge',
    1,
    () => {
      waited = true
    },
    false,
  )
  await expect(late(asleep.id, 'messages', {}, signal)).rejects.toThrow('as long as an hour allows')
  expect(waited).toBe(false)
  const row = await sleepers.instance()
  using instance = await startInstance(202)
  const handed = handOverTo(
    row,
    'edge',
    instance.port,
    () => undefined,
    false,
  )(row.id, 'messages', {}, signal)
  expect(await handed).toEqual({ kind: 'taken' })
})

it('rejects when the instance does not wake, or does not listen', async () => {
  const row = await sleepers.instance()
  await expect(handOverTo(null)(row.id, 'messages', {}, signal)).rejects.toThrow('did not wake')
  await expect(handOverTo(row)(row.id, 'messages', {}, signal)).rejects.toThrow('ECONNREFUSED')
})
