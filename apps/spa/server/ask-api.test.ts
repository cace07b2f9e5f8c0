import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAskApi } from './ask-api.ts'

test('asks as the visitor, at the api’s own host, and tells what is not there from what nobody knows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mos-ask-'))
  const socketPath = join(folder, 'api.sock')
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end(JSON.stringify([request.headers.host, request.headers['x-forwarded-for']]))
  })
  try {
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
    const ask = createAskApi({ socketPath, host: 'api.matrix.example' })
    expect(await ask('/200', '192.0.2.7')).toEqual(['api.matrix.example', '192.0.2.7'])
    for (const path of ['/404', '/400']) expect(await ask(path, '')).toBeNull()
    for (const path of ['/429', '/503']) await expect(ask(path, '')).rejects.toThrow('The api answered')
  } finally {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
})

test('throws while nobody listens', async () => {
  const ask = createAskApi({ socketPath: join(tmpdir(), 'mos-nobody.sock'), host: 'api.matrix.example' })
  await expect(ask('/200', '')).rejects.toThrow('ENOENT')
})
