import { expect, it } from 'vitest'
import { REDACTED, redacted } from './redact.ts'

const long = (length: number) => 'aB3'.repeat(length).slice(0, length)

it.each([
  ['Anthropic’s key', `key sk-ant-api03-${long(40)} refused`, `key ${REDACTED} refused`],
  ['OpenAI’s key', `sk-proj-${long(40)}`, REDACTED],
  ['a token of the platform', `mos_${long(49)}.`, `${REDACTED}.`],
  ['a token of GitHub', `ghp_${long(36)}`, REDACTED],
  ['a bot of Telegram', `bot 123456789:${long(35)}`, `bot ${REDACTED}`],
  ['a bearer', `Authorization: Bearer ${long(20)}`, `Authorization: Bearer ${REDACTED}`],
  ['a variable', `MATRIX_AUTH_TOKEN=${long(30)} PORT=4000`, `MATRIX_AUTH_TOKEN=${REDACTED} PORT=4000`],
  ['JSON', '{"apiKey": "correct horse", "port": 1}', `{"apiKey": ${REDACTED}, "port": 1}`],
  ['an address', 'postgres://ada:hunter2@db:5432/x', `postgres://ada:${REDACTED}@db:5432/x`],
  ['a key file', `-----BEGIN RSA PRIVATE KEY-----\n${long(40)}\n`, REDACTED],
])('takes out %s', (_what, text, left) => {
  expect(redacted(text)).toBe(left)
})

it('takes out what is known, whatever it looks like', () => {
  expect(redacted('with correct-horse inside', ['correct-horse'])).toBe(`with ${REDACTED} inside`)
})

it.each([
  'listening, start 1',
  'GET /tokens 200',
  'the token is missing',
  'http://localhost:4000/',
  '12:30:15 done',
])('leaves alone: %s', (text) => {
  expect(redacted(text)).toBe(text)
})

it('looks through hostile text in no time', () => {
  const started = performance.now()
  for (const piece of ['a:', 'token', 'eyJ', 'bearer ', '-----BEGIN ', 'https://a:', '"', 'sk-'])
    redacted(piece.repeat(65_536 / piece.length))
  expect(performance.now() - started).toBeLessThan(2_000)
})
