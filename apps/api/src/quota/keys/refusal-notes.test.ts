import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { newId } from '@matrixos/shared'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { closeServer, listenOnSocket } from '../../http/listen.ts'
import { createServiceServer } from '../../http/server.ts'
import { router } from '../../http/trpc.ts'
import { createLog } from '../../log.ts'
import { createRefusalNotes } from './refusal-notes.ts'
import { keyServiceProcedures } from './service-router.ts'

const TOKEN = 'service-token'
const folder = mkdtempSync(join(tmpdir(), 'mos-notes-'))
const serviceSocket = join(folder, 'service.sock')
const ada = newId('usr', systemClock)
const noted: string[] = []
let failures = 0
let server: Awaited<ReturnType<typeof listenOnSocket>>

beforeAll(async () => {
  const noteRefused = async (userId: string, provider: string) => {
    noted.push(`${userId} ${provider}`)
    if (failures-- > 0) throw new Error('the database is away')
  }
  const handler = createServiceServer({
    router: router({ quota: router(keyServiceProcedures({ ownKeys: { noteRefused } })) }),
    ...{ now: Date.now, changes: { take: async () => undefined }, callsPerBatch: 20 },
    log: createLog({ level: 'fatal', part: 'test' }),
    isService: (headers) => headers.get('authorization') === `Bearer ${TOKEN}`,
  })
  server = await listenOnSocket(serviceSocket, getRequestListener(handler))
})
beforeEach(() => {
  noted.length = 0
  failures = 0
})
afterAll(async () => {
  await closeServer(server, 0)
  rmSync(folder, { recursive: true, force: true })
})

let now = 1
const open = (token = TOKEN) =>
  createRefusalNotes({ serviceSocket, token, monotonic: () => now, pausesMs: [0, 0] })

it('tells the api whose key was refused, once for many refusals', async () => {
  const notes = open()
  await notes.write(ada, 'anthropic')
  await notes.write(ada, 'anthropic')
  await notes.write(ada, 'openai')
  now += 30_001
  await notes.write(ada, 'anthropic')
  expect(noted).toEqual([`${ada} anthropic`, `${ada} openai`, `${ada} anthropic`])
  await notes.close()
})

it('repeats what the api did not take, gives up soon, and tells the next refusal again', async () => {
  const notes = open()
  failures = 2
  await notes.write(ada, 'anthropic')
  expect(noted).toHaveLength(3)
  failures = 3
  await expect(notes.write(ada, 'openai')).rejects.toThrow()
  expect(noted).toHaveLength(6)
  failures = 0
  await notes.write(ada, 'openai')
  expect(noted).toHaveLength(7)
  await notes.close()
})

it('is heard with the token of the platform alone', async () => {
  const notes = open('other')
  await expect(notes.write(ada, 'anthropic')).rejects.toThrow('Only the platform itself')
  expect(noted).toEqual([])
  await notes.close()
})
