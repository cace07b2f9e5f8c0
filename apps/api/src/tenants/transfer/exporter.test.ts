/** Exports that are kept, with a database and a disk, whoever is killed on the way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zstdDecompressSync } from 'node:zlib'
import { newId } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { eq, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { handles, homeExports, users } from '../../db/schema/index.ts'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createLocalExportFiles } from '../../drivers/export-files/local/index.ts'
import type { Bytes } from '../../ports/home-transfer.ts'
import { createTenantStore } from '../store.ts'
import { createExportStore } from './export-store.ts'
import { createExporter } from './exporter.ts'
import { createKeptExports } from './kept-exports.ts'

const folder = mkdtempSync(join(tmpdir(), 'mos-exports-'))
const log = pino({ level: 'silent' })
const userId = newId('usr', systemClock)
const ROW = { id: newId('ins', systemClock), userId, handle: 'leaving', isSuspended: false, diskLevel: null }
const WHO = { actor: userId, address: '' }
const files = createLocalExportFiles({ folder: join(folder, 'exports') })
let database: Database
beforeAll(async () => {
  database = await openPrepared(folder)
  await person(ROW.handle, ROW)
}, 180_000)

/** With a computer. */
async function person(
  handle: string,
  ids = { id: newId('ins', systemClock), userId: newId('usr', systemClock) },
) {
  const { db } = database
  const createdAt = new Date()
  await db.insert(handles).values({ handle })
  const user = { id: ids.userId, handle, displayName: handle, webauthnId: systemClock.random(64) }
  await db.insert(users).values({ ...user, createdAt })
  const start = { desired: 'awake', error: null, createdAt } as const
  await createTenantStore(database).insert(db, { ...ids, handle, image: 'i', ...start })
  return ids
}

beforeEach(async () => {
  await database.db.delete(homeExports)
  await boot().exporter.tidy()
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function* milk() {
  yield Buffer.from('Buy milk')
}

/** Goes on for ever, unless its reader ends it. */
async function* endless() {
  for (;;) yield systemClock.random(65_536)
}

interface BootOptions {
  archive?: (signal: AbortSignal) => Bytes
  /** In place of the file that is written. */
  write?: typeof files.write
  roomBytes?: number
  freeBytes?: number
}

/** One api process; several share the database and the disk. */
function boot({ archive = milk, write = files.write, roomBytes = 1e9, freeBytes = 1e12 }: BootOptions = {}) {
  const exports = createExportStore(database)
  const ready: string[] = []
  const disk = { ...files, write, freeBytes: async () => freeBytes }
  const exporter = createExporter({
    ...{ homes: { measure: async () => 1_000 }, exports, files: disk, roomBytes, log },
    archiveOf: async (_row, signal) => archive(signal),
    onReady: (id) => ready.push(id),
  })
  const asked: string[] = []
  const kept = createKeptExports({
    ...{ exports, exporter, files, clock: systemClock, log },
    enqueue: async (id) => void asked.push(id),
    note: async () => undefined,
  })
  const stopping = new AbortController()
  return { kept, exporter, ready, asked, stopping, perform: () => exporter.perform(ROW, stopping.signal) }
}

const state = () => boot().kept.state(ROW)
const set = (change: object) =>
  database.db.update(homeExports).set(change).where(eq(homeExports.instanceId, ROW.id))

it('makes a file anew that met a moment without the database', async () => {
  const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
  const broken = async function* () {
    yield* milk()
    throw away
  }
  const archives: Bytes[] = [broken(), milk()]
  const { kept, perform } = boot({ archive: () => archives.shift() ?? milk() })
  await kept.begin(ROW, WHO)
  await expect(perform()).rejects.toThrow('away')
  expect(await state()).toMatchObject({ status: 'packing', message: null })
  await perform()
  expect(await state()).toMatchObject({ status: 'ready', message: null })
})

it('makes one file at a time, hands it out, and forgets it', async () => {
  const { kept, perform, ready, asked } = boot()
  await kept.begin(ROW, WHO)
  await expect(kept.begin(ROW, WHO)).rejects.toMatchObject({ code: 'conflict' })
  expect(await state()).toMatchObject({ status: 'packing', doneBytes: 0, totalBytes: null })
  await perform()
  const made = await state()
  expect(made).toMatchObject({ status: 'ready', message: null })
  expect([ready, asked]).toEqual([[ROW.id], [ROW.id]])
  const file = await kept.open(ROW, made?.id ?? '')
  const packed = await buffer(Readable.from(file.read(0)))
  expect(zstdDecompressSync(packed).toString()).toBe('Buy milk')
  expect(packed).toHaveLength(file.sizeBytes)
  const rest = await buffer(Readable.from(file.read(3)))
  expect(rest).toEqual(packed.subarray(3))
  await expect(kept.open(ROW, 'f'.repeat(32))).rejects.toMatchObject({ code: 'not_found' })
  await kept.forget(ROW)
  expect([await state(), await files.all()]).toEqual([null, []])
})

it('tells how far it is, and ends when it is cancelled by another process', async () => {
  const { kept, perform } = boot({ archive: endless })
  await kept.begin(ROW, WHO)
  const over = perform()
  await until('it tells', async () => ((await state())?.doneBytes ?? 0) > 0)
  expect((await state())?.totalBytes).toBeGreaterThanOrEqual(1_000)
  await boot().kept.forget(ROW)
  await over
  expect([await state(), await files.all()]).toEqual([null, []])
})

it('goes on in another process with what a kill broke off, and packs nothing twice that was whole', async () => {
  const killed = boot({ archive: endless })
  await killed.kept.begin(ROW, WHO)
  const over = killed.perform()
  await until('it has begun', async () => ((await state())?.doneBytes ?? 0) > 0)
  killed.stopping.abort()
  await expect(over).rejects.toThrow()
  expect((await state())?.status).toBe('packing')

  const other = boot()
  await other.kept.resume()
  expect(other.asked).toEqual([])
  await set({ seenAt: sql`now() - interval '31 seconds'` })
  await other.kept.resume()
  expect(other.asked).toEqual([ROW.id])
  await other.perform()
  expect((await state())?.status).toBe('ready')

  // Killed between the file and the row.
  await set({ status: 'packing' })
  const third = boot({
    archive: () => {
      throw new Error('It is packed again.')
    },
  })
  await third.perform()
  expect((await state())?.status).toBe('ready')
})

it.each([
  ['the disk is full', { freeBytes: 1_000 }],
  ['all files together take too much', { roomBytes: 999 }],
])('says so where %s, and leaves nothing lying', async (_what, lack) => {
  const { kept, perform } = boot(lack)
  await kept.begin(ROW, WHO)
  await perform()
  expect(await state()).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/not enough space/),
  })
  expect(await files.all()).toEqual([])
  await kept.begin(ROW, WHO)
  await boot().perform()
  expect((await state())?.status).toBe('ready')
})

it('ends what becomes larger than was set aside for it, once there is no more room', async () => {
  const { kept, perform } = boot({ archive: endless, roomBytes: 2_000 })
  await kept.begin(ROW, WHO)
  await perform()
  expect(await state()).toMatchObject({
    status: 'failed',
    message: expect.stringMatching(/not enough space/),
  })
  expect(await files.all()).toEqual([])
})

it('gives room that is enough for one to one, however many ask at once', async () => {
  const exports = createExportStore(database)
  const refs = await Promise.all(
    ['one', 'two', 'three'].map(async (handle) => ({
      instanceId: (await person(handle)).id,
      exportId: handle,
    })),
  )
  for (const ref of refs) await exports.begin(ref)
  const found = await Promise.all(refs.map((ref) => exports.reserve(ref, 600, 1_000)))
  expect(found.sort()).toEqual(['full', 'full', 'reserved'])
})

it('says nothing of tar where the home could not be read', async () => {
  const broken = async function* () {
    yield Buffer.from('hal')
    throw new Error('tar ended with 2: /srv/data: Permission denied')
  }
  const { kept, perform } = boot({ archive: broken })
  await kept.begin(ROW, WHO)
  await perform()
  expect(await state()).toMatchObject({ status: 'failed', message: expect.not.stringMatching(/tar|srv/) })
})

it('ends the packing of what could not be written', async () => {
  const ends: AbortSignal[] = []
  const { kept, perform } = boot({
    archive: (signal) => {
      ends.push(signal)
      return milk()
    },
    write: async () => {
      throw new Error('EROFS: read-only file system')
    },
  })
  await kept.begin(ROW, WHO)
  await perform()
  expect((await state())?.status).toBe('failed')
  expect(ends.map(({ aborted }) => aborted)).toEqual([true])
})

it('keeps a file for a day, and then neither hands it out nor keeps it', async () => {
  const { kept, perform, exporter } = boot()
  await kept.begin(ROW, WHO)
  await perform()
  const made = await state()
  await exporter.tidy()
  expect(await files.all()).toHaveLength(1)
  await set({ keptUntil: sql`now()` })
  expect(await state()).toBeNull()
  await expect(kept.open(ROW, made?.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
  await exporter.tidy()
  expect(await files.all()).toEqual([])
})
