import { newId } from '@matrixos/shared'
import { expect, it, vi } from 'vitest'
import { systemClock } from '../../clock.ts'
import { createSessionStreams } from './streams.ts'

const id = newId('ses', systemClock)
const other = newId('ses', systemClock)
const userId = newId('usr', systemClock)
const never = new AbortController().signal

it('ends every stream of a session that is closed, and of no other', () => {
  const streams = createSessionStreams({ isAlive: async () => true, mostStreams: 5 })
  const [mine, theirs] = [streams.open(id, never), streams.open(other, never)]
  streams.close(id, userId)
  expect([mine.aborted, theirs.aborted]).toEqual([true, false])
  streams.close(other, userId)
})

it('ends a stream when its client leaves, and makes room', () => {
  const streams = createSessionStreams({ isAlive: async () => true, mostStreams: 5 })
  const clients = Array.from({ length: 5 }, () => new AbortController())
  const signals = clients.map((client) => streams.open(id, client.signal))
  expect(() => streams.open(id, never)).toThrow(/Too many tabs/)
  clients[0]?.abort()
  expect(signals[0]?.aborted).toBe(true)
  streams.open(id, never)
  streams.close(id, userId)
})

it('tells whose session ended', () => {
  const streams = createSessionStreams({ isAlive: async () => true, mostStreams: 5 })
  const told: string[] = []
  const forget = streams.onClosed((whose) => told.push(whose))
  streams.close(id, userId)
  forget()
  streams.close(id, userId)
  expect(told).toEqual([userId])
})

it('asks again soon enough for the promised 5 s, when the word of an end is lost', async () => {
  vi.useFakeTimers()
  try {
    const streams = createSessionStreams({ isAlive: async (which) => which === other, mostStreams: 5 })
    const [ended, goesOn] = [streams.open(id, never), streams.open(other, never)]
    // An answer of `isAlive` may be 2 s old.
    await vi.advanceTimersByTimeAsync(3_000)
    expect([ended.aborted, goesOn.aborted]).toEqual([true, false])
    streams.close(other, userId)
  } finally {
    vi.useRealTimers()
  }
})

it.each([
  ['is away', () => Promise.reject(new Error('away'))],
  ['says nothing', () => new Promise<boolean>(() => undefined)],
])('ends a stream within 5 s when the database %s, and no stream before', async (_, lost) => {
  vi.useFakeTimers()
  try {
    let isAlive: () => Promise<boolean> = async () => true
    const streams = createSessionStreams({ isAlive: () => isAlive(), mostStreams: 5 })
    const stream = streams.open(id, never)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stream.aborted).toBe(false)
    isAlive = lost
    await vi.advanceTimersByTimeAsync(5_000)
    expect(stream.aborted).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})
