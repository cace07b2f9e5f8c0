import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { caddyBinary, chromiumPath, dockerAvailable, postgresUrl, requireCaddy } from './parts.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mos-parts-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function program(path: string, script: string): string {
  const full = join(dir, path)
  mkdirSync(join(full, '..'), { recursive: true })
  writeFileSync(full, `#!/bin/sh\n${script}\n`)
  chmodSync(full, 0o755)
  return full
}

async function listen(path?: string) {
  const server = createServer((_request, answer) => answer.end('OK')).listen(
    path ?? { port: 0, host: '127.0.0.1' },
  )
  await once(server, 'listening')
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

test('requires the Caddy of CADDY_BIN to be new enough', async () => {
  const old = { CADDY_BIN: program('caddy', 'echo 2.6.2') }
  expect(await caddyBinary(old)).toBeNull()
  expect(() => requireCaddy(old)).toThrow('2.6.2')
})

test('prefers the one in the cache to the PATH', () => {
  const built = program('matrixos/bin/caddy', 'echo v2.11.4 h1:x')
  expect(requireCaddy({ XDG_CACHE_HOME: dir, PATH: join(program('old/caddy', 'echo 2.6.2'), '..') })).toBe(
    built,
  )
})

test('reads the version of a Caddy from its build', () => {
  const build = (version: string) =>
    program(
      'caddy',
      `[ $1 = version ] && echo unknown || echo "mod github.com/caddyserver/caddy/v2 ${version} h1:x"`,
    )
  expect(() => requireCaddy({ CADDY_BIN: build('v2.10.0') })).toThrow('2.10.0')
  const recent = build('v2.11.4')
  expect(requireCaddy({ CADDY_BIN: recent })).toBe(recent)
})

describe('dockerAvailable', () => {
  test('asks at the socket that DOCKER_HOST names', async () => {
    const socket = join(dir, 'docker.sock')
    expect(await dockerAvailable({ DOCKER_HOST: `unix://${socket}` })).toBe(false)
    const { server } = await listen(socket)
    expect(await dockerAvailable({ DOCKER_HOST: `unix://${socket}` })).toBe(true)
    server.close()
  })
})

test('counts a PostgreSQL whose port is open', async () => {
  const { server, port } = await listen()
  const url = `postgres://u:p@127.0.0.1:${port}/db`
  expect(await postgresUrl({ TEST_DATABASE_URL: url })).toBe(url)
  mkdirSync(join(dir, 'matrixos'))
  writeFileSync(join(dir, 'matrixos/postgres-url'), `${url}\n`)
  expect(await postgresUrl({ XDG_CACHE_HOME: dir })).toBe(url)
  server.close()
  await once(server, 'close')
  expect(await postgresUrl({ XDG_CACHE_HOME: dir })).toBeNull()
  expect(await postgresUrl({ XDG_CACHE_HOME: join(dir, 'empty') })).toBeNull()
})

test('prefers the shell without windows to a whole Chromium, and CHROMIUM_BIN to the PATH', () => {
  const chromium = program('bin/chromium', '')
  expect(chromiumPath({ PATH: join(dir, 'bin') })).toBe(chromium)
  const shell = program('bin/chromium-headless-shell', '')
  expect(chromiumPath({ PATH: join(dir, 'bin') })).toBe(shell)
  expect(chromiumPath({ PATH: join(dir, 'bin'), CHROMIUM_BIN: program('other', '') })).toBe(
    join(dir, 'other'),
  )
})
