import { expect, test } from 'vitest'
import { shareReports } from './work-report.ts'

test('tells that nobody is at work when the last has finished', async () => {
  const told: boolean[] = []
  const share = shareReports()
  const [one, other] = [1, 2].map(() => share(async (isBusy) => void told.push(isBusy)))
  await one?.(true)
  await other?.(true)
  await one?.(false)
  await other?.(false)
  expect(told).toEqual([true, true, true, false])
})
