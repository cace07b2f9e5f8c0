import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '../../drivers/database/pglite/index.ts'
import { createLedger } from './store.ts'
import { ledgerContract } from './testing/contract.ts'

ledgerContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
  const database = await openPglite({ folder })
  await database.migrate()
  return {
    ledger: createLedger(database),
    database,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
