import { randomBytes } from 'node:crypto'
import { describeReal } from '@matrixos/testing/describe-real'
import { createEmptyDatabase } from '../../../../../tests/support/test-database.ts'
import { jobQueueContract } from './testing/contract.ts'

describeReal(['postgres'], 'the job queue', () => {
  jobQueueContract('on PostgreSQL', async () => {
    const database = await createEmptyDatabase(`queue_${randomBytes(6).toString('hex')}`)
    return { door: { url: database.url }, [Symbol.asyncDispose]: database.drop }
  })
})
