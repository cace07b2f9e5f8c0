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

/** Books that never take some operations; `null`: any. */
function pickyBooks(poison: readonly LedgerOperation[] | null, error: Error) {
  const batches: number[] = []
  const apply: Ledger['apply'] = async (operations) => {
    batches.push(operations.length)
    if (poison === null || operations.some((operation) => poison.includes(operation))) throw error
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
    const { batches, apply } = pickyBooks([], new Error('never'))
    const commits = createGroupCommit(apply, 4)
    const all = Array.from({ length: 10 }, () => commits.run(release()))
    await commits.close()
    expect(batches).toEqual([4, 4, 2])
    expect(await outcomes(all)).toEqual(Array(10).fill('fulfilled'))
    await commits.close()
  })

  it('do not fail with those that cannot be written, however many stand together', async () => {
    const poison = [release(), release(), release()]
    const { apply } = pickyBooks(poison, new Error('cannot be written'))
    const commits = createGroupCommit(apply)
    const all = [release(), ...poison, release(), release()].map((operation) => commits.run(operation))
    expect(await outcomes(all)).toEqual([
      ...['fulfilled', 'rejected', 'rejected', 'rejected'],
      ...['fulfilled', 'fulfilled'],
    ])
    expect(await outcomes([commits.run(release())])).toEqual(['fulfilled'])
  })

  it('are not tried alone while the database is away', async () => {
    const { batches, apply } = pickyBooks(null, away)
    const commits = createGroupCommit(apply)
    const all = Array.from({ length: 6 }, () => commits.run(release()))
    expect(await outcomes(all)).toEqual(Array(6).fill('rejected'))
    expect(batches).toEqual([6])
  })

  it('are tried alone until the database is away', async () => {
    const batches: number[] = []
    const commits = createGroupCommit(async (operations) => {
      batches.push(operations.length)
      if (batches.length === 1) throw new Error('one of them cannot be written')
      if (batches.length > 2) throw away
      return operations.map(() => DONE)
    })
    const all = Array.from({ length: 6 }, () => commits.run(release()))
    expect(await outcomes(all)).toEqual(['fulfilled', ...Array(5).fill('rejected')])
    expect(batches).toEqual([6, 1, 1])
  })
})
