import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createSettlements } from './settlements.ts'
import type { Books } from './types.ts'

const ALLOWANCE = { credits: 1n, period: 'once', callsAtOnce: 1, callsPerMinute: 1 } as const
const RELEASE = { kind: 'release', id: 'aic_1', userId: 'usr_1', allowance: ALLOWANCE } as const

/** Books that fail with each of these errors in turn, and take it then. */
function settlementsOf(errors: Error[]) {
  const logged: { level: number; call: string }[] = []
  let tries = 0
  const run = async () => {
    tries++
    const error = errors.shift()
    if (error) throw error
    return { kind: 'done' } as never
  }
  const books: Books = { run }
  const log = pino({}, { write: (line) => void logged.push(JSON.parse(line)) })
  const fatal = () => logged.filter(({ level }) => level === log.levels.values.fatal)
  return { settlements: createSettlements({ books, log, firstPauseMs: 1 }), tries: () => tries, fatal }
}

const refused = () => new Error('out of range')
const away = () => Object.assign(new Error('away'), { code: '57P01' })

test('gives up what the books never take, and says so once', async () => {
  const { settlements, tries, fatal } = settlementsOf(Array.from({ length: 100 }, refused))
  await expect(settlements.write(RELEASE)).rejects.toThrow('out of range')
  expect(tries()).toBe(6)
  expect(fatal()).toMatchObject([{ call: 'aic_1' }])
  // Nothing is left to wait for.
  await settlements.close(60_000)
})

test('repeats what a few errors kept from the books, whatever else failed while they were away', async () => {
  const { settlements, tries, fatal } = settlementsOf([away(), ...Array.from({ length: 5 }, refused), away()])
  expect(await settlements.write(RELEASE)).toEqual({ kind: 'done' })
  expect(tries()).toBe(8)
  expect(fatal()).toEqual([])
})
