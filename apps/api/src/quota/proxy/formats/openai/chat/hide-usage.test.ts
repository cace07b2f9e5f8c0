import { expect, test } from 'vitest'
import { chunk, DONE, usageChunk } from '../../../testing/openai-provider.ts'
import { createUsageHider } from './hide-usage.ts'

function pass(stream: string, size: number): string {
  const bytes = Buffer.from(stream)
  const hider = createUsageHider()
  const passed: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) passed.push(hider.write(bytes.subarray(at, at + size)))
  return Buffer.concat([...passed, hider.end()]).toString()
}

const SIZES = [1, 2, 3, 7, 64, 100_000]

test.each(SIZES)(
  'takes out the event that only tells the usage, and no other byte, in pieces of %i',
  (size) => {
    const before = `: comment\n\n${chunk('Grüße 😀 \\"prompt_tokens\\"')}${chunk('b')}`
    expect(pass(before + usageChunk() + DONE, size)).toBe(before + DONE)
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    expect(pass(crlf(before + usageChunk() + DONE), size)).toBe(crlf(before + DONE))
  },
)

test.each(SIZES)('lets events pass that have content too, or tell of a filter, in pieces of %i', (size) => {
  const withContent = `data: {"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}\n\n`
  const ofFilter = `data: {"choices":[],"prompt_filter_results":[],"usage":null}\n\n`
  const broken = `data: {"choices":[],"usage":{"prompt_tokens":\n\n`
  const stream = withContent + ofFilter + broken + DONE
  expect(pass(stream, size)).toBe(stream)
})

test.each([1_000, 65_536, 1_000_000])('lets long events pass before they end, in pieces of %i', (size) => {
  const long = chunk('x'.repeat(300_000))
  expect(pass(long + chunk('a') + usageChunk() + long + DONE, size)).toBe(long + chunk('a') + long + DONE)
  const hider = createUsageHider()
  expect(hider.write(Buffer.from(long.slice(0, 100_000))).length).toBeGreaterThan(99_000)
})

test('passes an event on as soon as its end is there, and what never ended at the end', () => {
  const hider = createUsageHider()
  expect(hider.write(Buffer.from(chunk('a'))).toString()).toBe(chunk('a'))
  expect(hider.write(Buffer.from('data: half')).toString()).toBe('')
  expect(hider.end().toString()).toBe('data: half')
})
