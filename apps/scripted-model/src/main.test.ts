import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('listens on a socket, says that it is ready, answers pings, and ends with its parent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'))
  const path = join(folder, 'model.sock')
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...process.env, SCRIPTED_MODEL_LISTEN: path },
  })
  try {
    expect(await once(child, 'message')).toMatchObject([{ type: 'ready' }, undefined])
    child.send({ type: 'ping' })
    expect(await once(child, 'message')).toMatchObject([{ type: 'pong' }, undefined])
    const asked = request({ socketPath: path, path: '/v1/models', headers: { 'x-api-key': 'any' } }).end()
    const [response] = await once(asked, 'response')
    expect(response.statusCode).toBe(200)
    response.resume()
    const truth = request({
      socketPath: path,
      path: '/scripted/truth',
      headers: { 'x-api-key': 'any' },
    }).end()
    const [untold] = await once(truth, 'response')
    expect(untold.statusCode).toBe(404)
    untold.resume()
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
})

it('names the variable that is wrong', async () => {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...process.env, SCRIPTED_MODEL_LISTEN: 'nowhere' },
    silent: true,
  })
  const [text] = child.stderr ? await once(child.stderr, 'data') : []
  expect(String(text)).toContain('SCRIPTED_MODEL_LISTEN: Expected host:port')
})
