import type { WallsView } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { verdictOf } from './wall-words.ts'

const REPORT = { neighbour: 'closed', host: 'closed', metadata: 'closed', services: 'answer' } as const
const tested = (report: Partial<NonNullable<NonNullable<WallsView['selfTest']>['report']>>) => ({
  selfTest: { at: '2026-01-01T00:00:00.000Z', report: { ...REPORT, ...report }, why: null },
})
const WALLS: WallsView = {
  ...{ runtime: 'docker', ociRuntime: 'runc', homes: 'local' },
  ...{ firewall: { by: 'api', why: null }, broken: null },
  ...tested({}),
}
const toneOf = (walls: Partial<WallsView>) => verdictOf({ ...WALLS, ...walls }).tone

it('praises only what was tested and is closed', () => {
  expect(toneOf({})).toBe('awake')
  expect(toneOf({ selfTest: null })).toBe('busy')
  expect(toneOf(tested({ services: 'silent' }))).toBe('busy')
})

it('says at once that a wall is open', () => {
  for (const wall of ['neighbour', 'host', 'metadata'] as const)
    expect(toneOf(tested({ [wall]: 'open' }))).toBe('failed')
})

it('says so also where another process, or the engine, has it open', () => {
  expect(toneOf({ broken: 'The rules of the network are gone.' })).toBe('failed')
  expect(toneOf({ broken: 'The rules of the network are gone.', selfTest: null })).toBe('failed')
})

it('warns where nobody keeps a firewall, or nothing is isolated', () => {
  const firewall = { by: 'nobody', why: 'INSTANCE_FIREWALL is off.' } as const
  expect(toneOf({ firewall, ...tested({ host: 'open' }) })).toBe('busy')
  expect(toneOf({ firewall, ...tested({ neighbour: 'open' }) })).toBe('failed')
  expect(toneOf({ ociRuntime: null, runtime: 'process' })).toBe('busy')
})
