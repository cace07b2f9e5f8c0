import { once } from 'node:events'
import { realpath } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { temporaryFolder } from '../../testing/folder.ts'
import { serveWatch } from './socket.ts'
import { openTree } from './tree.ts'

test('reads no further request while one is at work, so that nobody can pile them up', async () => {
  await using folder = await temporaryFolder()
  const tree = openTree({ root: await realpath(folder.path) })
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const connected = once(server, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket] = await connected
  const asked = Promise.withResolvers<void>()
  const work = Promise.withResolvers<[]>()
  serveWatch(socket, tree, {
    join: () => ({
      set: () => {
        asked.resolve()
        return work.promise
      },
      close: () => undefined,
    }),
  })
  await once(client, 'open')
  client.send(JSON.stringify({ type: 'watch', paths: ['a'] }))
  await asked.promise
  expect(socket.isPaused).toBe(true)
  const answered = once(client, 'message')
  work.resolve([])
  await answered
  expect(socket.isPaused).toBe(false)
  client.close()
  await once(client, 'close')
  server.close()
})
