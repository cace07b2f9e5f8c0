import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPrepared } from '../../drivers/database/testing/prepared.ts'
import { createLedger } from './store.ts'
import { ledgerContract } from './testing/contract.ts'

ledgerContract(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-ledger-'))
  const database = await openPrepared(folder)
  return {
    ledger: createLedger(database),
    database,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
