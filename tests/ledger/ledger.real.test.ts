/** The short form of `npm run test:ledger`. */
import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { run } from './run.ts'

const SEED = 20_261_126

describeReal(['postgres'], 'the ledger beside the truth', () => {
  it('agrees on every call, while replicas die and crowds call', async () => {
    const lines: string[] = []
    const { problems, comparison, figures } = await run({
      ...{ seed: SEED, calls: 300, killEvery: 100, crowd: { people: 2, rounds: 2 } },
      say: (line) => void lines.push(line),
    })
    expect(problems, JSON.stringify(figures)).toEqual([])
    expect(comparison.differenceNanoUsd).toBe(0n)
    expect(comparison.settled).toBeGreaterThan(100)
    // Kinds that the seed must have drawn, or less is tested than it seems.
    for (const kind of [
      'aborted',
      'clamped',
      'exhausted',
      'counted',
      'onOwnKeys',
      'providerErrors',
      'inSecondFormat',
    ])
      expect(figures[kind], kind).toBeGreaterThan(0)
  })
})
