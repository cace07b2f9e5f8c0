/** What the process of the Matrix client tells, and what comes of it where it tells nonsense. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { createMatrixClient } from './gateway.ts'

test('goes on where the client tells something that cannot be read', async () => {
  await using folder = await temporaryFolder()
  const entry = join(folder.path, 'client.mjs')
  const event = { id: '$1', roomId: '!1', sender: '@eve:test', at: 1, transaction: null, content: 'words' }
  const told = [
    { type: 'event', as: 'ai', event },
    { type: 'synced', as: 'ai' },
  ]
  await writeFile(
    entry,
    `process.on('message', ({ type }) => {
      if (type === 'open') for (const each of ${JSON.stringify(told)}) process.send(each)
      if (type === 'stop') process.exit(0)
    })`,
  )
  const account = { userId: '@ada:test', accessToken: 't', deviceId: 'D', renewAt: null }
  const logged: string[] = []
  const events: unknown[] = []
  const client = createMatrixClient({
    entry,
    credentials: async () => ({
      ...{
        homeserverUrl: 'http://homeserver.test',
        serverName: 'test',
        storageKey: 'k',
        folder: folder.path,
      },
      accounts: { person: account, ai: account },
    }),
    known: async () => ({}),
    ...{
      onRoom: () => undefined,
      onTrouble: () => undefined,
      onEvent: (_as, seen) => void events.push(seen),
    },
    log: (message) => void logged.push(message),
  })
  await client.open('ai')
  client.stop()
  expect(logged).toEqual(['the Matrix client told something that cannot be read'])
  expect(events).toEqual([])
})
