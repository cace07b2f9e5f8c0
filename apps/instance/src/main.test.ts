import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './testing/folder.ts'

/** Tells of each module, once it is read. */
const SPY = `import { registerHooks } from 'node:module'
registerHooks({ load: (url, context, next) => (process.send({ loads: url }), next(url, context)) })`

async function start(home: string, execArgv: string[] = []) {
  const loaded: string[] = []
  const child: ChildProcess = fork(join(import.meta.dirname, 'main.ts'), {
    env: { MATRIX_HANDLE: 'alice', MATRIX_HOME: home, PORT: '0', MATRIX_AUTH_TOKEN: 'secret' },
    execPath: process.execPath,
    execArgv,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ready = Promise.withResolvers<{ port: number }>()
  child.on('message', (message: { loads: string } | { port: number }) => {
    if ('loads' in message) loaded.push(message.loads)
    else ready.resolve(message)
  })
  return { child, loaded, message: await ready.promise, exit: once(child, 'exit') }
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

test('reads the rest piece by piece once somebody comes: whoever asks after its health waits for one of them alone', async () => {
  await using folder = await temporaryFolder()
  const spy = `data:text/javascript,${encodeURIComponent(SPY)}`
  const { child, loaded, message, exit } = await start(folder.path, ['--import', spy])
  const pieces = () =>
    loaded.flatMap((url) => /\/apps\/instance\/src\/(http\/sockets|app)\.ts$/.exec(url)?.slice(1) ?? [])
  expect([loaded.some((url) => url.endsWith('/server.ts')), pieces()]).toEqual([true, []])
  await (await fetch(`http://127.0.0.1:${message.port}/api/`)).text()
  await expect.poll(pieces).toEqual(['http/sockets', 'app'])
  child.kill('SIGTERM')
  await exit
})
