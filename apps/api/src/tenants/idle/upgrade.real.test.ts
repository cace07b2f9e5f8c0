import { randomBytes } from 'node:crypto'
import { describeReal } from '@matrixos/testing/describe-real'
import { it } from 'vitest'
import { createEmptyDatabase } from '../../../../../tests/support/test-database.ts'
import { openPostgres } from '../../drivers/database/postgres/index.ts'
import { checkUpgrade } from './testing/upgrade.ts'

describeReal(['postgres'], 'an upgrade of PostgreSQL', () => {
  it('keeps instances right that were made before there were plans and deadlines', async () => {
    const made = await createEmptyDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
    const database = openPostgres({ url: made.url, maxConnections: 2, statementTimeoutMs: 60_000 })
    try {
      await checkUpgrade(database)
    } finally {
      await database.close()
      await made.drop()
    }
  }, 120_000)
})
