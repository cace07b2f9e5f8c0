import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDenylist } from '@matrixos/shared'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createFileHash, descendantsOf, runningPrograms } from './processes.ts'
import { createWatch } from './watch.ts'

/** A shell that runs one program of this name in the background of another shell. */
async function running(folder: string, name: string) {
  const file = join(folder, name)
  await copyFile('/bin/sleep', file)
  const shell = spawn('/bin/sh', ['-c', `sh -c '"${file}" 60 & wait' & wait; wait`], { stdio: 'ignore' })
  onTestFinished(() => void shell.kill())
  const find = async () => (await runningPrograms()).find((one) => one.file === file)
  await expect.poll(find).toBeTruthy()
  return { shell, file, find }
}

function watching(list: string) {
  const reported: string[] = []
  const watch = createWatch({
    list: readDenylist(list),
    isAlone: false,
    programs: runningPrograms,
    descendants: descendantsOf,
    hashOf: createFileHash(),
    kill: (pid) => void process.kill(pid, 'SIGKILL'),
    report: (name) => reported.push(name),
    own: [process.pid],
    everyMs: 3_600_000,
  })
  return { ...watch, reported }
}

test('ends what is denied, however deep it was started, says so, and leaves the rest alone', async () => {
  await using folder = await temporaryFolder()
  const denied = await running(folder.path, 'xmrig')
  const other = await running(folder.path, 'sleeper')
  const told: string[] = []
  const { follow, look, reported } = watching('default')
  for (const { shell } of [denied, other]) follow(shell, (words) => told.push(words))
  await look()
  await expect.poll(denied.find).toBeUndefined()
  expect(await other.find()).toBeTruthy()
  expect(reported).toEqual(['xmrig'])
  expect(told.map((words) => words.split(' ', 1)[0])).toEqual(['xmrig', 'xmrig'])
})

test('knows a file by what is in it, and nothing that nobody started here', async () => {
  await using folder = await temporaryFolder()
  const mine = await running(folder.path, 'harmless')
  const elsewhere = await running(folder.path, 'xmrig')
  const hash = await createFileHash()((await mine.find())?.pid ?? 0)
  const { follow, look, reported } = watching(`default sha256:${hash}`)
  follow(mine.shell)
  await look()
  await expect.poll(mine.find).toBeUndefined()
  expect(reported).toEqual(['harmless'])
  expect(await elsewhere.find()).toBeTruthy()
})

test('follows nobody who has left', async () => {
  const gone = spawn('/bin/true')
  await once(gone, 'exit')
  const told: string[] = []
  const { follow, look } = watching('default')
  follow(gone, (words) => told.push(words))
  await look()
  expect(told).toEqual([])
})
