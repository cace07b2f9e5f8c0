import { expect, it } from 'vitest'
import { daemonConfigWith } from './gvisor.ts'

const RUNSC = { path: '/opt/runsc', runtimeArgs: ['--platform=systrap'] }

it('registers the runtime beside what else is set', () => {
  const before = JSON.stringify({ 'log-driver': 'local', runtimes: { other: { path: '/bin/other' } } })
  expect(JSON.parse(daemonConfigWith(before, '/opt/runsc'))).toEqual({
    'log-driver': 'local',
    runtimes: { other: { path: '/bin/other' }, runsc: RUNSC },
  })
  expect(JSON.parse(daemonConfigWith('', '/opt/runsc'))).toEqual({ runtimes: { runsc: RUNSC } })
})

it.each(['{', '[]', 'null', '"text"'])('keeps its hands off a file that it cannot read: %s', (before) => {
  expect(() => daemonConfigWith(before, '/opt/runsc')).toThrow(/JSON object/)
})
