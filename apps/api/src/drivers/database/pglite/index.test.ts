import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { handles } from '../../../db/schema/index.ts'
import { databaseContract } from '../testing/contract.ts'
import { openPglite } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'mos-pglite-'))
afterAll(() => rmSync(root, { recursive: true }))
const newFolder = () => mkdtempSync(join(root, 'database-'))

databaseContract(() => openPglite({ folder: newFolder() }))

it('refuses a folder in use, and takes it once it is free', async () => {
  const folder = newFolder()
  const first = await openPglite({ folder })
  await expect(openPglite({ folder })).rejects.toThrow(/in use by another process/)
  await first.close()
  const second = await openPglite({ folder })
  await second.close()
})

it('refuses a query that would wait for its own transaction', async () => {
  const database = await openPglite({ folder: newFolder() })
  await database.migrate()
  const nested = database.db.transaction(() => database.db.select().from(handles))
  await expect(nested).rejects.toThrow()
  await expect(database.db.select().from(handles)).resolves.toEqual([])
  await database.close()
})
