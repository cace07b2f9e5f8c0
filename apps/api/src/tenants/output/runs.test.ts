import type { InstanceEventKind, InstanceEventView } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { runsOf } from './runs.ts'

const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString()
const event = (minute: number, kind: InstanceEventKind, detail: string | null = null): InstanceEventView => ({
  ...{ id: minute, at: at(minute), kind, detail },
  durationMs: null,
})
const between = (after: string | number, until: number) => ({
  after: new Date(after),
  until: new Date(at(until)),
})

const EVENTS = [
  event(9, 'woke'),
  event(8, 'restarted'),
  event(6, 'woke'),
  event(5, 'crashed'),
  event(3, 'failed', 'engine_down'),
  event(2, 'slept'),
  event(1, 'woke'),
]

it('tells of the present run and the two before', () => {
  expect(runsOf({ observed: 'running' }, EVENTS)).toEqual([
    { endedAt: null, how: null, span: null },
    { endedAt: at(8), how: 'restarted', span: between(at(5), 8) },
    { endedAt: at(5), how: 'crashed', span: between(at(2), 5) },
  ])
})

it('tells of the last three while it sleeps, the last of which the runtime knows by itself', () => {
  expect(runsOf({ observed: 'stopped' }, EVENTS)).toEqual([
    { endedAt: at(8), how: 'restarted', span: null },
    { endedAt: at(5), how: 'crashed', span: between(at(2), 5) },
    { endedAt: at(2), how: 'slept', span: between(0, 2) },
  ])
})

it('tells of a start that the computer itself failed', () => {
  const events = [event(4, 'failed', 'instance_unhealthy')]
  expect(runsOf({ observed: 'failed' }, events)).toMatchObject([{ endedAt: at(4), how: 'failed' }])
})

it('knows of none before the first', () => {
  expect(runsOf({ observed: 'creating' }, [event(1, 'created')])).toEqual([])
})
