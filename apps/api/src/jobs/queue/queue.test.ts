import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite } from '../../drivers/database/pglite/index.ts'
import { jobQueueContract } from './testing/contract.ts'

jobQueueContract('on the embedded database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-queue-'))
  const database = await openPglite({ folder })
  return {
    door: database.door,
    [Symbol.asyncDispose]: async () => {
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
})
