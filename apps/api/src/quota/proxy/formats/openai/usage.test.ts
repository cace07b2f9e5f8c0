/** Figures as the provider says them, of both protocols. */
import { expect, test } from 'vitest'
import {
  chatError,
  chunk,
  completed,
  created,
  DONE,
  response,
  textDelta,
  typed,
  usageChunk,
} from '../../testing/openai-provider.ts'
import type { UsageTap } from '../format.ts'
import { createChatTap, readCompletion } from './chat/usage.ts'
import { createResponsesTap, readResponse } from './responses/usage.ts'

function read(tap: UsageTap, ...events: string[]) {
  for (const one of events) tap.write(Buffer.from(one))
  return tap.read()
}
const chat = (...events: string[]) => read(createChatTap(), ...events)
const responses = (...events: string[]) => read(createResponsesTap(), ...events)

const details = { cached_tokens: 60, cache_write_tokens: 30 }
const DETAILED = { prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: details }
const SPLIT = { input: 10, cacheRead: 60, cacheWrite5m: 30, cacheWrite1h: 0, output: 20, webSearches: 0 }

test('takes what was cached out of the input that it is inside of', () => {
  const share = { model: 'gpt-test-1', usage: SPLIT }
  expect(chat(chunk('a'), usageChunk(DETAILED), DONE).shares).toEqual([share])
  const whole = { model: 'gpt-test-1', usage: DETAILED, service_tier: 'flex' }
  expect(readCompletion(Buffer.from(JSON.stringify(whole)))).toEqual({
    ...{ state: 'final', model: 'gpt-test-1', shares: [share] },
    served: { tier: 'flex', speed: null, region: null },
  })
  const usage = { input_tokens: 100, output_tokens: 20, input_tokens_details: details }
  expect(responses(created(), completed(usage)).shares).toEqual([share])
})

test('charges no token twice when details are more than their total', () => {
  const tooMany = { ...DETAILED, prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 90 } }
  const [share] = chat(usageChunk(tooMany)).shares
  expect(share?.usage).toMatchObject({ input: 0, cacheRead: 90, cacheWrite5m: 10 })
})

test('counts searches of a response', () => {
  const output = [{ type: 'web_search_call' }, { type: 'message' }, { type: 'web_search_call' }]
  const usage = { input_tokens: 1, output_tokens: 1 }
  const { response: whole } = response('completed', usage, output)
  const reading = readResponse(Buffer.from(JSON.stringify(whole)))
  expect(reading.shares[0]?.usage.webSearches).toBe(2)
  const streamed = responses(typed('response.completed', response('completed', usage, output)))
  expect(streamed.shares[0]?.usage.webSearches).toBe(2)
})

test('is not final before a completion has said its usage', () => {
  expect(chat().state).toBe('none')
  expect(chat(chunk('a')).state).toBe('begun')
  expect(chat(chunk('a'), DONE).state).toBe('begun')
  expect(chat(chunk('a'), usageChunk()).state).toBe('final')
  expect(chat(chunk('a'), usageChunk({ prompt_tokens: -1 }), DONE).state).toBe('begun')
  expect(chat('data: nothing\n\n').state).toBe('none')
  expect(readCompletion(Buffer.from('{"choices":[]}')).state).toBe('none')
  expect(readCompletion(Buffer.from('no JSON')).state).toBe('none')
})

test('takes the last of many usages, and only the end for the end', () => {
  const running = (completion_tokens: number) =>
    `data: ${JSON.stringify({ choices: [{}], usage: { prompt_tokens: 5, completion_tokens } })}\n\n`
  expect(chat(running(1), running(9)).state).toBe('begun')
  expect(chat(running(1), running(9), DONE)).toMatchObject({
    state: 'final',
    shares: [{ usage: { input: 5, output: 9 } }],
  })
})

test('is not final before a response has ended with its usage', () => {
  expect(responses().state).toBe('none')
  expect(responses(created(), textDelta('a')).state).toBe('begun')
  expect(responses(created(), completed(null)).state).toBe('begun')
  const cut = typed('response.incomplete', response('incomplete', { input_tokens: 1, output_tokens: 2 }))
  expect(responses(created(), cut)).toMatchObject({ state: 'final', shares: [{ usage: { output: 2 } }] })
  expect(responses(completed().replace(/event: .*\n/, '')).state).toBe('final')
  expect(readResponse(Buffer.from('{"status":"queued","usage":null}')).state).toBe('begun')
})

test('knows an error from an end, in both protocols', () => {
  expect(chat(chunk('a'), chatError, DONE).state).toBe('failed')
  expect(chat(chunk('a'), 'event: error\ndata: {"message":"x"}\n\n').state).toBe('failed')
  expect(responses(created(), typed('error', { code: 'server_error' })).state).toBe('failed')
  const failed = typed('response.failed', response('failed', { input_tokens: 3, output_tokens: 1 }))
  expect(responses(created(), failed)).toMatchObject({ state: 'failed', shares: [{ usage: { input: 3 } }] })
})
