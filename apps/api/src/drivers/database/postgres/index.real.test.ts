import { randomBytes } from 'node:crypto'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../../../tests/support/test-database.ts'
import { explainDatabaseError } from '../../../startup-errors.ts'
import { databaseContract } from '../testing/contract.ts'
import { openPostgres } from './index.ts'

describeReal(['postgres'], 'PostgreSQL', () => {
  let made: Awaited<ReturnType<typeof createTestDatabase>>
  const open = (change: (url: URL) => void = () => {}) => {
    const url = new URL(made.url)
    change(url)
    return {
      url: url.href,
      database: openPostgres({ url: url.href, maxConnections: 4, statementTimeoutMs: 5_000 }),
    }
  }
  beforeAll(async () => {
    made = await createTestDatabase(`matrixos_${randomBytes(6).toString('hex')}`)
  })
  afterAll(() => made.drop())

  databaseContract(async () => open().database)

  it('migrates once when many start at once', async () => {
    const databases = Array.from({ length: 4 }, () => open().database)
    await Promise.all(databases.map((database) => database.migrate()))
    await Promise.all(databases.map((database) => database.close()))
  })

  it.each<[string, (url: URL) => void, RegExp]>([
    ['a wrong password', (url) => Object.assign(url, { password: 'wrong' }), /Incorrect user or password/],
    [
      'a database that does not exist',
      (url) => Object.assign(url, { pathname: '/nowhere' }),
      /does not exist/,
    ],
    [
      'a port where nothing listens',
      (url) => Object.assign(url, { port: '1' }),
      /Nothing is listening there/,
    ],
  ])('says what to do about %s', async (_what, change, expected) => {
    const { url, database } = open(change)
    const error = await database.migrate().catch((reason: unknown) => reason)
    expect(explainDatabaseError(error, url)).toMatch(expected)
    await database.close()
  })
})
