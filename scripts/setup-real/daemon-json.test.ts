import { expect, it } from 'vitest'
import { withRuntime } from './daemon-json.ts'

const ENTRY = { path: '/cache/runsc', runtimeArgs: ['--platform=systrap'] }

it('adds a runtime, and leaves everything else as it was', () => {
  const before = { 'log-level': 'warn', runtimes: { kata: { path: '/kata' }, runsc: { path: '/old' } } }
  expect(JSON.parse(withRuntime(JSON.stringify(before), 'runsc', ENTRY))).toEqual({
    'log-level': 'warn',
    runtimes: { kata: { path: '/kata' }, runsc: ENTRY },
  })
  expect(JSON.parse(withRuntime('', 'runsc', ENTRY))).toEqual({ runtimes: { runsc: ENTRY } })
})

it.each(['{', '[]', '{"runtimes":3}'])('refuses to write over %s', (text) => {
  expect(() => withRuntime(text, 'runsc', ENTRY)).toThrow('daemon.json')
})
