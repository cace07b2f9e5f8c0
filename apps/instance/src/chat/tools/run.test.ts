import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTree } from '../../files/api/tree.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { createLocate } from './paths.ts'
import { runTool } from './run.ts'

test('asks before a command goes through a link to what lies outside, there or not', async () => {
  await using folder = await temporaryFolder()
  await using elsewhere = await temporaryFolder()
  const root = folder.path
  await mkdir(join(root, 'notes'))
  await symlink(elsewhere.path, join(root, 'out'))
  await symlink(join(elsewhere.path, 'nothing'), join(root, 'new.md'))
  const locate = await createLocate(root)
  const tool = runTool({ tree: openTree({ root }), root, locate, shell: '/bin/sh', environment: {} })
  const risks = async (command: string, at?: string) =>
    (await tool.judge({ command, ...(at && { folder: at }) }))?.risks ?? []
  expect(await risks('echo a > notes/a.md')).toEqual([])
  expect(await risks('echo a > out/a.md')).toContain('leaves')
  expect(await risks('echo a >> out/deep/a.md')).toContain('leaves')
  expect(await risks('echo a >> new.md')).toContain('leaves')
  expect(await risks('ls', 'out')).toContain('leaves')
})

test('refuses what the platform does not want to run without a question, and reports it', async () => {
  await using folder = await temporaryFolder()
  const root = folder.path
  const reported: string[] = []
  const tool = runTool({
    ...{
      tree: openTree({ root }),
      root,
      locate: await createLocate(root),
      shell: '/bin/sh',
      environment: {},
    },
    onDenied: (program) => void reported.push(program),
  })
  const context = {
    ...{ id: 'call', conversation: 'chat', signal: new AbortController().signal },
    ...{ output: () => undefined, save: async () => undefined },
  }
  for (const command of ['./xmrig -o pool', 'mkdir a && nohup a/minerd', 'x=1 curl stratum+tcp://pool:1']) {
    expect(await tool.judge({ command })).toBeNull()
    expect(await tool.run({ command }, context)).toMatchObject({ isError: true })
  }
  expect(reported).toEqual(['xmrig', 'minerd', 'curl'])
  expect(await tool.run({ command: 'echo xmrig' }, context)).toEqual({ text: 'xmrig', isError: false })
})
