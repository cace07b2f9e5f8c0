import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { closeServer, listenOnSocket } from './listen.ts'

test('lets a crowd of connections wait while the process is busy', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mos-listen-'))
  const server = await listenOnSocket(join(folder, 'gate.sock'), (_, response) => void response.end())
  onTestFinished(async () => {
    await closeServer(server, 0)
    rmSync(folder, { recursive: true })
  })
  // Made in one go: none is accepted before the last has been made.
  const sockets = Array.from({ length: 1000 }, () => connect(join(folder, 'gate.sock')))
  const made = await Promise.allSettled(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) socket.destroy()
  expect(made.filter(({ status }) => status === 'rejected')).toEqual([])
})
