import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { openPglite } from '../../drivers/database/pglite/index.ts'
import { checkUpgrade } from './testing/upgrade.ts'

it('keeps instances right that were made before there were plans and deadlines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-upgrade-'))
  const database = await openPglite({ folder })
  try {
    await checkUpgrade(database)
  } finally {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 180_000)
