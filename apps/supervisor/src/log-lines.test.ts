import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { formatLine } from './log-lines.ts'

const NOON = new Date('2026-01-01T12:00:00').getTime()
const pino = JSON.stringify({
  level: 40,
  time: NOON,
  pid: 7,
  hostname: 'h',
  part: 'api',
  msg: 'slow wake',
  handle: 'ada',
})
const pretty = (part: string, line: string) =>
  stripVTControlCharacters(formatLine(part, line, 'pretty', NOON))

describe('for a terminal', () => {
  test('turns a log entry into one short line', () => {
    expect(pretty('api', pino)).toBe('12:00:00 api   WARN slow wake handle=ada')
  })

  test("reads Caddy's seconds and level names", () => {
    const line = JSON.stringify({ level: 'error', ts: NOON / 1000, logger: 'http', msg: 'no upstream' })
    expect(pretty('caddy', line)).toBe('12:00:00 caddy ERROR no upstream')
  })

  test('shows an error’s stack', () => {
    const line = JSON.stringify({
      level: 50,
      time: NOON,
      msg: 'failed',
      err: { stack: 'Error: x\n    at y' },
    })
    expect(pretty('api', line)).toBe('12:00:00 api   ERROR failed\n      Error: x\n          at y')
  })

  test.each(['plain text', '{broken', '[1]'])('leaves %s as it is', (line) => {
    expect(pretty('spa', line)).toBe(`12:00:00 spa   ${line}`)
  })
})

describe('for everything else', () => {
  test('keeps JSON and adds which part it is from', () => {
    expect(formatLine('api', pino, 'json', NOON)).toBe(pino)
    expect(JSON.parse(formatLine('caddy', '{"msg":"x"}', 'json', NOON))).toEqual({ msg: 'x', part: 'caddy' })
  })

  test('turns plain text into JSON', () => {
    const entry = { level: 30, time: NOON, part: 'spa', msg: 'hello' }
    expect(JSON.parse(formatLine('spa', 'hello', 'json', NOON))).toEqual(entry)
  })
})
