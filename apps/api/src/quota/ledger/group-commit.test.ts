import { describe, expect, it } from 'vitest'
import type { Ledger, LedgerAnswer, LedgerOperation } from '../../ports/ledger.ts'
import { createGroupCommit } from './group-commit.ts'
import { newCall, stranger } from './testing/people.ts'

const someone = stranger()
const release = () => someone.release(newCall())
const DONE: LedgerAnswer = { kind: 'done' }

/** Books that answer when told to. */
function slowBooks() {
  const batches: {
    operations: readonly LedgerOperation[]
    done: () => void
    fail: (error: Error) => void
  }[] = []
  const apply: Ledger['apply'] = (operations) => {
    const { promise, resolve, reject } = Promise.withResolvers<LedgerAnswer[]>()
    batches.push({ operations, done: () => resolve(operations.map(() => DONE)), fail: reject })
    return promise
  }
  return { batches, apply }
}

/** Books that never take one operation. */
function pickyBooks(poison: LedgerOperation | null, error: Error) {
  const batches: number[] = []
  const apply: Ledger['apply'] = async (operations) => {
    batches.push(operations.length)
    if (poison === null || operations.includes(poison)) throw error
    return operations.map(() => DONE)
  }
  return { batches, apply }
}

const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
const outcomes = async (all: Promise<unknown>[]) =>
  (await Promise.allSettled(all)).map(({ status }) => status)

describe('operations that share a transaction', () => {
  it('go at once when none is under way, and together when one is', async () => {
    const { batches, apply } = slowBooks()
    const commits = createGroupCommit(apply)
    const first = commits.run(release())
    await Promise.resolve()
    expect(batches).toHaveLength(1)
    const later = [release(), release(), release()]
    const rest = later.map((operation) => commits.run(operation))
    await Promise.resolve()
    expect(batches).toHaveLength(1)
    batches[0]?.done()
    await first
    await expect.poll(() => batches.length).toBe(2)
    expect(batches[1]?.operations).toEqual(later)
    batches[1]?.done()
    await Promise.all(rest)
    await commits.close()
  })

  it('are so many at most, and closing waits for all', async () => {
    const { batches, apply } = pickyBooks(release(), new Error('never'))
    const commits = createGroupCommit(apply, 4)
    const all = Array.from({ length: 10 }, () => commits.run(release()))
    await commits.close()
    expect(batches).toEqual([4, 4, 2])
    expect(await outcomes(all)).toEqual(Array(10).fill('fulfilled'))
    await commits.close()
  })

  it('do not fail with one that cannot be written', async () => {
    const poison = release()
    const { apply } = pickyBooks(poison, new Error('cannot be written'))
    const commits = createGroupCommit(apply)
    const all = [release(), poison, release(), release()].map((operation) => commits.run(operation))
    expect(await outcomes(all)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(await outcomes([commits.run(release())])).toEqual(['fulfilled'])
  })

  it('are not tried alone while the database is away, nor for long when none is taken', async () => {
    for (const [error, tried] of [
      [away, [6]],
      [new Error('unknown'), [6, 1, 1]],
    ] as const) {
      const { batches, apply } = pickyBooks(null, error)
      const commits = createGroupCommit(apply)
      const all = Array.from({ length: 6 }, () => commits.run(release()))
      expect(await outcomes(all)).toEqual(Array(6).fill('rejected'))
      expect(batches).toEqual(tried)
    }
  })
})
