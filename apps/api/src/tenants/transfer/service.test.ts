/** What people see of exports and imports, whatever the disk and the network do. */
import { randomBytes } from 'node:crypto'
import { errorBodySchema, newId, TRANSFER_PATH } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { HomeTransfer } from '../../ports/home-transfer.ts'
import { compressed } from './compression.ts'
import { serverTransferRoutes } from './routes.ts'
import { boot, importsInMemory, nothing, ROW } from './testing/transfers.ts'

const UPLOAD = 'a'.repeat(32)
const MANIFEST = {
  ...{ format: 'matrixos-home', version: 1, handle: 'alice', displayName: 'Alice' },
  ...{ exportedAt: '2026-01-01T00:00:00.000Z', platform: '1' },
}
const SERVER = { actor: 'server', address: '' } as const

it('unpacks an upload once, however often its end is told', async () => {
  const { transfers, stage } = boot()
  const both = await Promise.allSettled([
    transfers.finish(ROW, UPLOAD, SERVER),
    transfers.finish(ROW, UPLOAD, SERVER),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await vi.waitFor(() => expect(stage).toHaveBeenCalled())
  expect(stage).toHaveBeenCalledTimes(1)
})

it('lets go of an upload that could not be unpacked: its space on the disk would be gone until a restart', async () => {
  const upload = compressed(
    (async function* () {
      for (;;) yield randomBytes(65_536)
    })(),
  )
  const stage = () => Promise.reject(new Error('No folder could be made.'))
  const { transfers } = boot({ readUpload: () => upload, stage })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await expect.poll(() => upload.destroyed).toBe(true)
})

it('tells of the new import as soon as it was asked for, and of no earlier one', async () => {
  const uploaded = vi.fn(async (): Promise<number> => new Promise(() => undefined)).mockResolvedValueOnce(3)
  const { transfers } = boot({ uploaded })
  await transfers.finish(ROW, UPLOAD, SERVER)
  expect((await transfers.state(ROW)).import).toMatchObject({ status: 'unpacking', totalBytes: 3 })
})

it('tells of an import whichever api process is asked, and begins no second one beside it', async () => {
  const imports = importsInMemory()
  const [one, other] = [boot({ imports }), boot({ imports })]
  await one.transfers.finish(ROW, UPLOAD, SERVER)
  expect((await other.transfers.state(ROW)).import).toMatchObject({ status: 'unpacking' })
  await expect(other.transfers.begin(ROW, 3)).rejects.toMatchObject({ code: 'conflict' })
  await expect(other.transfers.finish(ROW, UPLOAD, SERVER)).rejects.toMatchObject({ code: 'conflict' })
  await expect(other.transfers.takeBack(ROW, SERVER)).rejects.toMatchObject({ code: 'conflict' })
})

it('says what becomes of the home that was taken back where the computer does not restart', async () => {
  const { transfers } = boot({ takeBack: async () => true })
  await expect(transfers.takeBack(ROW, SERVER)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/next start uses the home/),
  })
})

it('goes on with an import whose process died, and unpacks nothing twice', async () => {
  const imports = importsInMemory()
  const killed = boot({ imports })
  await killed.transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(() => expect(killed.stage).toHaveBeenCalled())
  const row = imports.rows.get(ROW.id)
  if (!row) throw new Error('It has not begun.')
  row.isLost = true
  await expect(killed.transfers.begin(ROW, 3)).rejects.toMatchObject({ code: 'conflict' })

  const manifest = JSON.stringify(MANIFEST)
  const { transfers, stage } = boot({ imports, staged: async () => manifest })
  await transfers.resume()
  await vi.waitFor(async () =>
    expect((await transfers.state(ROW)).import).toMatchObject({ status: 'done', manifest: MANIFEST }),
  )
  expect(stage).not.toHaveBeenCalled()
  await expect(transfers.begin(ROW, 3)).resolves.toBeTruthy()
})

it('leaves an import to the next process where this one stops', async () => {
  const imports = importsInMemory()
  const stops = new AbortController()
  const packed = compressed(
    (async function* () {
      for (;;) yield randomBytes(65_536)
    })(),
  )
  const { transfers, stage } = boot({ imports, signal: stops.signal, readUpload: () => packed })
  stage.mockImplementation(async (archive) => {
    for await (const _ of archive) stops.abort()
    throw new Error('It went on.')
  })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(() => expect(packed.destroyed).toBe(true))
  expect((await transfers.state(ROW)).import).toMatchObject({ status: 'unpacking', message: null })
})

it('goes on with an import that met a moment without the database', async () => {
  const imports = importsInMemory()
  const record = vi
    .fn(nothing)
    .mockRejectedValueOnce(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
  const dropUpload = vi.fn(nothing)
  const { transfers } = boot({ imports, record, dropUpload, staged: async () => JSON.stringify(MANIFEST) })
  await imports.store.begin(ROW.id, { uploadId: UPLOAD, totalBytes: 3, who: SERVER })
  const { signal } = new AbortController()
  await expect(transfers.import(ROW, UPLOAD, signal)).rejects.toThrow('away')
  expect((await transfers.state(ROW)).import).toMatchObject({ status: 'unpacking', message: null })
  expect(dropUpload).not.toHaveBeenCalled()
  await transfers.import(ROW, UPLOAD, signal)
  expect((await transfers.state(ROW)).import).toMatchObject({ status: 'done', manifest: MANIFEST })
})

it('deletes no home that waits for a start: it may be the one that was just taken back', async () => {
  const { transfers, stage } = boot({ hasNext: async () => true })
  await transfers.finish(ROW, UPLOAD, SERVER)
  await vi.waitFor(async () =>
    expect((await transfers.state(ROW)).import).toMatchObject({
      status: 'failed',
      message: 'Another home waits for this computer to start. Wake it, then import again.',
    }),
  )
  expect(stage).not.toHaveBeenCalled()
})

it('deletes what was left over by all, whatever goes wrong with one', async () => {
  const dropLeftovers = vi.fn<HomeTransfer['dropLeftovers']>(nothing)
  dropLeftovers.mockRejectedValueOnce(new Error('not to be read'))
  const { transfers } = boot({ dropLeftovers })
  const other = { ...ROW, id: newId('ins', systemClock) }
  await transfers.deleteEarlier([ROW, other])
  expect(dropLeftovers.mock.calls.map(([row]) => row.id)).toEqual([ROW.id, other.id])
})

it('says why in the form that the page and the command read', async () => {
  const { transfers } = boot({ append: async () => null })
  const routes = serverTransferRoutes({
    ...{ transfers, rowOfHandle: async () => ROW, isService: () => true },
    log: pino({ level: 'silent' }),
  })
  const to = `${TRANSFER_PATH}/upload/${UPLOAD}?handle=alice&offset=0`
  const answer = await routes.request(to, { method: 'PUT', body: 'x' })
  expect(answer.status).toBe(404)
  expect(errorBodySchema.parse(await answer.json()).message).toBe(
    'This upload is not there any more. Begin again.',
  )
})

it('packs two archives of one computer at a time: one that is read slowly takes memory for as long', async () => {
  const { transfers } = boot()
  const { signal } = new AbortController()
  const [one] = [await transfers.export(ROW, SERVER, signal), await transfers.export(ROW, SERVER, signal)]
  await expect(transfers.export(ROW, SERVER, signal)).rejects.toMatchObject({ code: 'too_many_requests' })
  const other = { ...ROW, id: newId('ins', systemClock) }
  await expect(transfers.export(other, SERVER, signal)).resolves.toBeTruthy()
  one.destroy()
  await vi.waitFor(() => expect(transfers.export(ROW, SERVER, signal)).resolves.toBeTruthy())
})

it('packs nothing for whoever asks only whether there is an archive', async () => {
  const pack = vi.fn<HomeTransfer['pack']>(async () => (async function* () {})())
  const { transfers } = boot({ pack })
  const routes = serverTransferRoutes({
    ...{ transfers, rowOfHandle: async () => ROW, isService: () => true },
    log: pino({ level: 'silent' }),
  })
  const answer = await routes.request(`${TRANSFER_PATH}/export?handle=alice`, { method: 'HEAD' })
  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
    200,
    'attachment; filename="alice.tar.zst"',
  ])
  expect(pack).not.toHaveBeenCalled()
})
