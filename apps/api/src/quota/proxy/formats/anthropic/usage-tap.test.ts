/** Figures as the provider says them, in every shape that it says them in. */
import { expect, test } from 'vitest'
import { delta, event, start, stop, text } from '../../testing/fake-provider.ts'
import { createUsageTap } from './usage-tap.ts'

const read = (events: string[], ttl: 'none' | '5m' | '1h' = 'none') => {
  const tap = createUsageTap(ttl)
  for (const one of events) tap.write(Buffer.from(one))
  return tap.read()
}
const NONE = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, webSearches: 0 }

test('takes later figures over earlier ones, also lower ones, and no null', () => {
  const { state, shares, served, model } = read([
    start({
      ...{ input_tokens: 100, output_tokens: 7, cache_read_input_tokens: 50, service_tier: 'standard' },
      ...{ cache_creation_input_tokens: 30, inference_geo: 'us', speed: 'fast' },
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    }),
    text('a'),
    delta({
      output_tokens: 5,
      input_tokens: null,
      cache_read_input_tokens: 40,
      server_tool_use: { web_search_requests: 1 },
    }),
    delta({ output_tokens: 6, server_tool_use: { web_search_requests: 2 } }),
    stop(),
  ])
  expect({ state, model, served }).toEqual({
    ...{ state: 'final', model: 'claude-test-1' },
    served: { tier: 'standard', speed: 'fast', region: 'us' },
  })
  expect(shares).toEqual([
    {
      model: 'claude-test-1',
      usage: { input: 100, cacheWrite5m: 10, cacheWrite1h: 20, cacheRead: 40, output: 6, webSearches: 2 },
    },
  ])
})

test.each([
  ['1h', { cacheWrite5m: 10, cacheWrite1h: 45 }],
  ['5m', { cacheWrite5m: 35, cacheWrite1h: 20 }],
] as const)('takes what no split explains for written for %s, as was asked', (ttl, writes) => {
  const split = { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 }
  const begin = start({
    input_tokens: 1,
    output_tokens: 1,
    cache_creation_input_tokens: 30,
    cache_creation: split,
  })
  const { shares } = read([begin, delta({ output_tokens: 2, cache_creation_input_tokens: 55 }), stop()], ttl)
  expect(shares[0]?.usage).toMatchObject(writes)
})

const part = (type: string, model: string | undefined, input: number, output: number) => ({
  ...{ type, model, input_tokens: input, output_tokens: output, cache_read_input_tokens: 0 },
  ...{
    cache_creation_input_tokens: 5,
    cache_creation: { ephemeral_1h_input_tokens: 5, ephemeral_5m_input_tokens: 0 },
  },
})

test('takes iterations for the whole, each by its own model', () => {
  const iterations = [
    part('message', undefined, 100, 20),
    part('compaction', undefined, 900, 9),
    part('advisor_message', 'dear', 7, 3),
  ]
  const { shares } = read([
    start(),
    delta({ output_tokens: 20, iterations, server_tool_use: { web_search_requests: 1 } }),
    stop(),
  ])
  const writes = { ...NONE, cacheWrite1h: 5 }
  expect(shares).toEqual([
    { model: 'claude-test-1', usage: { ...writes, input: 100, output: 20, webSearches: 1 } },
    { model: 'claude-test-1', usage: { ...writes, input: 900, output: 9 } },
    { model: 'dear', usage: { ...writes, input: 7, output: 3 } },
  ])
})

test('takes totals for the own work where iterations tell of others only, or of an earlier moment', () => {
  const beside = [part('advisor_message', 'dear', 7, 3)]
  const { shares } = read([start(), delta({ output_tokens: 20, iterations: beside }), stop()])
  expect(shares.map(({ model, usage }) => [model, usage.input, usage.output])).toEqual([
    ['claude-test-1', 100, 20],
    ['dear', 7, 3],
  ])
  const early = [part('message', undefined, 100, 1)]
  const later = read([
    start({ input_tokens: 100, output_tokens: 1, iterations: early }),
    delta({ output_tokens: 50 }),
    stop(),
  ])
  expect(later.shares.map(({ usage }) => usage.output)).toEqual([50])
})

test('is not final before the last event, nor after one that it cannot read', () => {
  expect(read([]).state).toBe('none')
  expect(read([start()]).state).toBe('begun')
  expect(read([start(), delta()]).state).toBe('begun')
  expect(read([start(), event('error', { error: {} })]).state).toBe('failed')
  expect(read(['event: message_start\ndata: {"type":"message_sta\n\n', 'data: null\n\n']).state).toBe('none')
  expect(read([start({ input_tokens: -1 })]).state).toBe('none')
})

test('reads events without names', () => {
  const unnamed = (start() + delta() + stop()).replaceAll(/event: .*\n/g, '')
  expect(read([unnamed])).toMatchObject({ state: 'final', shares: [{ usage: { input: 100, output: 20 } }] })
})

test.each([
  ['fractions', { output_tokens: 900.5 }],
  ['less than nothing', { output_tokens: -1 }],
  ['more than the books have columns for', { output_tokens: 2 ** 31 }],
])('takes figures for incomplete where the last ones are %s', (_, figures) => {
  const begin = start({ input_tokens: 10, output_tokens: 1 })
  expect(read([begin, delta(figures), stop()]).state).toBe('begun')
})

test('takes an answer that never said what it read for unknown', () => {
  expect(read([delta({ output_tokens: 2 }), stop()]).state).not.toBe('final')
})
