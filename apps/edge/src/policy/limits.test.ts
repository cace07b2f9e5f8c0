import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EDGE_HEADER_BYTES } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { answerMsFor, LIMITS } from './limits.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../../deploy/README.md'), 'utf8')

const seconds = (ms: number) => `${ms / 1000} s`
const bytes = (count: number) => `${count} bytes`

it.each([
  ['arrival of a request’s headers', seconds(LIMITS.headersMs)],
  ['arrival of a request to the platform itself', seconds(LIMITS.platformRequestMs)],
  ['arrival of the rest of a body', seconds(LIMITS.lingerMs)],
  ['beginning of an answer of the platform itself', seconds(LIMITS.platformAnswerMs)],
  ['body of a request to the platform itself', bytes(LIMITS.platformBodyBytes)],
  ['cookies of a request', bytes(LIMITS.cookieBytes)],
  ['line and headers of a request without its cookies', bytes(LIMITS.headerBytes)],
  ['requests of one network at once with more than that', String(LIMITS.largeHeadersPerNetwork)],
  ['line and headers of a request |', bytes(EDGE_HEADER_BYTES)],
  ['`EDGE_CONNECTIONS_PER_NETWORK`', String(LIMITS.connectionsPerNetwork)],
])('documents the limit: %s', (what, most) => {
  const row = guide.split('\n').find((line) => line.startsWith(`| ${what.replace('’', "'")}`))
  expect(row?.split(' | ')[1]).toBe(most)
})

it('documents a terminator that takes all cookies of a request in one line', () => {
  const [, count, megabytes] = /large_client_header_buffers (\d+) (\d+)m;/.exec(guide) ?? []
  expect(Number(count)).toBeGreaterThan(1)
  expect(Number(megabytes) * 1_048_576).toBeGreaterThanOrEqual(EDGE_HEADER_BYTES)
})

it.each([0.1, 30, 31, 600])(
  'waits longer for the platform than a gate that holds requests for %d s',
  (holdS) => {
    expect(answerMsFor(holdS)).toBeGreaterThanOrEqual(Math.max(60_000, holdS * 1000 + 30_000))
  },
)
