import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { endSession, membersOf } from './processes.ts'

test('ends a shell that has not yet made the session of its terminal', async () => {
  // As one is for the first moment after its start.
  const child = spawn('sleep', ['1000'])
  const exited = once(child, 'exit')
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  expect(await membersOf(pid)).toEqual([pid])
  await endSession(pid, 500)
  expect(await exited).toEqual([null, 'SIGHUP'])
})
