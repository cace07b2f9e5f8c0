import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { versionOf } from './notes/pad.ts'
import { bootInstance } from './testing/instance.ts'

test('reports healthy once first boot is complete, without a token', async () => {
  await using instance = await bootInstance({ authToken: 'secret' })
  expect(await instance.booted).toBe(true)
  const answer = await fetch(instance.url('/health'))
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ status: 'ok', handle: 'alice', bootedAt: '2025-03-01T12:00:00.000Z' })
})

test('tells when it is used, from beginning to end, and takes no look at its health for use', async () => {
  const onUse = vi.fn()
  await using instance = await bootInstance({}, onUse)
  await instance.booted
  await (await fetch(instance.url('/health'))).text()
  expect(onUse).not.toHaveBeenCalled()
  await (await fetch(instance.url('/api/me'))).text()
  await expect.poll(() => onUse.mock.calls.length).toBe(2)
  const socket = await instance.open('/ws/shell')
  expect(onUse).toHaveBeenCalledTimes(3)
  socket.close()
  await expect.poll(() => onUse.mock.calls.length).toBe(4)
})

test('reports unhealthy while the home cannot be prepared', async () => {
  await using instance = await bootInstance({ home: '/dev/null/home' })
  await expect(instance.booted).rejects.toThrow()
  expect((await fetch(instance.url('/health'))).status).toBe(503)
})

test('opens at the next request when it could not at the first', async () => {
  await using instance = await bootInstance()
  await instance.booted
  await rename(instance.home, `${instance.home}.away`)
  expect((await fetch(instance.url('/api/me'))).status).toBe(500)
  await rename(`${instance.home}.away`, instance.home)
  expect((await fetch(instance.url('/api/me'))).status).toBe(200)
})

test('serves nothing but health without its bearer token, on HTTP and on WebSockets', async () => {
  await using instance = await bootInstance({ authToken: 'secret' })
  for (const authorization of ['', 'Bearer wrong', 'Bearer secre', 'secret']) {
    const answer = await fetch(instance.url('/api/me'), { headers: { authorization, 'x-mos-user': 'alice' } })
    expect(answer.status, authorization).toBe(401)
    await expect(instance.open('/ws/notes', { headers: { authorization } })).rejects.toThrow(
      'refused with 401',
    )
  }
  const headers = { authorization: 'Bearer secret' }
  expect(await (await fetch(instance.url('/api/me'), { headers })).json()).toMatchObject({ handle: 'alice' })
  const socket = await instance.open('/ws/notes', { headers })
  expect(await socket.next()).toMatchObject({ type: 'pad', text: '' })
})

test('tells its owner whether it has a real terminal, and why not', async () => {
  await using plain = await bootInstance({ terminal: { kind: 'console', reason: 'No shell here.' } })
  await using real = await bootInstance({ terminal: { kind: 'pty', shell: '/bin/bash' } })
  const me = async ({ url }: typeof plain, headers = {}) => (await fetch(url('/api/me'), { headers })).json()
  expect(await me(plain)).toMatchObject({ terminal: 'console', consoleReason: 'No shell here.' })
  expect(await me(real)).toMatchObject({ terminal: 'pty', consoleReason: null })
  const viewer = { 'x-mos-role': 'viewer', 'x-mos-user': 'bob' }
  expect(await me(real, viewer)).toMatchObject({ terminal: 'console', consoleReason: null })
})

test('refuses a WebSocket from another site’s page', async () => {
  await using instance = await bootInstance({ externalOrigin: 'https://alice.example.org' })
  await expect(instance.open('/ws/console', { origin: 'https://eve.example.org' })).rejects.toThrow(
    'refused with 403',
  )
  await instance.open('/ws/console', { origin: 'https://alice.example.org' })
  await instance.open('/ws/console', { origin: `http://127.0.0.1:${instance.port}` })
  await expect(instance.open('/ws/elsewhere')).rejects.toThrow('refused with 404')
})

test('forbids inline script and frames in pages, and refuses unknown paths and other methods', async () => {
  await using instance = await bootInstance()
  const policy = (await fetch(instance.url('/'))).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect((await fetch(instance.url('/nothing'))).status).toBe(404)
  expect((await fetch(instance.url('/..%2f..%2fetc/passwd'))).status).toBe(404)
  expect((await fetch(instance.url('/api/me'), { method: 'POST' })).status).toBe(405)
})

test('shows two tabs each other’s saves, and the console’s', async () => {
  await using instance = await bootInstance()
  const [one, two] = [await instance.open('/ws/notes'), await instance.open('/ws/notes')]
  await Promise.all([one.next(), two.next()])
  one.send({ type: 'save', id: 1, base: versionOf(''), text: 'from one' })
  expect(await one.next()).toEqual({ type: 'saved', id: 1, version: versionOf('from one'), keptCopy: null })
  expect(await two.next()).toEqual({ type: 'pad', version: versionOf('from one'), text: 'from one' })
  two.send({ type: 'save', id: 1, base: versionOf(''), text: 'from two' })
  expect(await two.next()).toMatchObject({ type: 'saved', keptCopy: 'notes/pad-2025-03-01T12-00-00.md' })
  expect(await one.next()).toMatchObject({ type: 'pad', text: 'from two' })
  const shell = await instance.open('/ws/console?folder=~/notes')
  expect(await shell.next()).toMatchObject({ type: 'welcome', handle: 'alice', cwd: '~/notes' })
  shell.send({ type: 'run', line: 'echo typed > pad.md' })
  expect(await one.next()).toMatchObject({ type: 'pad', text: 'typed\n' })
})

test('closes only the socket that sent something that is not a message', async () => {
  await using instance = await bootInstance()
  const socket = await instance.open('/ws/notes')
  socket.send({ type: 'save' })
  expect((await socket.closed).code).toBe(1008)
  expect((await fetch(instance.url('/health'))).status).toBe(200)
})

test('closes WebSockets with 1001 on stop, with earlier saves on disk', async () => {
  await using instance = await bootInstance()
  const [notes, shell] = [await instance.open('/ws/notes'), await instance.open('/ws/console')]
  await Promise.all([notes.next(), shell.next()])
  notes.send({ type: 'ping' })
  notes.send({ type: 'save', id: 1, base: versionOf(''), text: 'last' })
  notes.send({ type: 'save', id: 2, base: versionOf('last'), text: 'last words' })
  await notes.next()
  await instance.stop()
  expect(await notes.closed).toEqual({ code: 1001, reason: 'asleep' })
  expect(await shell.closed).toEqual({ code: 1001, reason: 'asleep' })
  expect(await readFile(join(instance.home, 'notes/pad.md'), 'utf8')).toBe('last words')
  await expect(fetch(instance.url('/health'))).rejects.toThrow()
})

test('keeps history over a restart', async () => {
  await using first = await bootInstance()
  const shell = await first.open('/ws/console')
  await shell.next()
  shell.send({ type: 'run', line: 'pwd' })
  expect(await shell.next()).toMatchObject({ type: 'result', text: '~', failed: false })
  await first.stop()
  await using second = await bootInstance({ home: first.home })
  expect(await second.booted).toBe(false)
  expect(await (await second.open('/ws/console')).next()).toMatchObject({ history: ['pwd'] })
})

test('logs what it refuses, by path and without what may be secret', async () => {
  await using instance = await bootInstance({
    authToken: 'secret',
    externalOrigin: 'https://alice.example.org',
  })
  await fetch(instance.url('/api/me?key=hush'), { headers: { authorization: 'Bearer hush' } })
  const headers = { authorization: 'Bearer secret' }
  const origin = 'https://eve.example.org'
  await expect(instance.open('/ws/console?key=hush', { headers, origin })).rejects.toThrow('403')
  await expect(instance.open('/constructor', { headers })).rejects.toThrow('404')
  expect(instance.logged).toEqual([
    { msg: 'request refused', status: 401, method: 'GET', path: '/api/me' },
    { msg: 'upgrade refused', status: 403, method: 'GET', path: '/ws/console' },
    { msg: 'upgrade refused', status: 404, method: 'GET', path: '/constructor' },
  ])
})

test('logs why a request failed, and tells its client to try again', async () => {
  await using instance = await bootInstance({ home: '/dev/null/home' })
  await instance.booted.catch(() => undefined)
  const answer = await fetch(instance.url('/?key=hush'))
  expect(answer.status).toBe(500)
  expect(await answer.json()).toEqual({
    message: 'Something went wrong inside this computer. Please try again.',
  })
  expect(instance.logged).toMatchObject([
    { msg: 'request failed', method: 'GET', path: '/', error: expect.stringContaining('ENOTDIR') },
  ])
})
