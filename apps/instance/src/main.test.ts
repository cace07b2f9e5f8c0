import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './testing/folder.ts'

async function start(home: string) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'main.ts'), {
    env: { MATRIX_HANDLE: 'alice', MATRIX_HOME: home, PORT: '0', MATRIX_AUTH_TOKEN: 'secret' },
    execPath: process.execPath,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [message] = await once(child, 'message')
  return { child, message, exit: once(child, 'exit') }
}

test('reports the port that the system chose, and ends at SIGTERM', async () => {
  await using folder = await temporaryFolder()
  const { child, message, exit } = await start(folder.path)
  expect(message).toEqual({ type: 'ready', port: expect.any(Number) })
  expect((await fetch(`http://127.0.0.1:${message.port}/health`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
})

test('ends when its parent is gone', async () => {
  await using folder = await temporaryFolder()
  const { child, exit } = await start(folder.path)
  child.disconnect()
  expect(await exit).toEqual([0, null])
})
