import { describe, expect, test } from 'vitest'
import { bannerLines } from './banner.ts'
import { parseFlags } from './flags.ts'
import { listParts } from './part-list.ts'
import { listenText, settle } from './settings.ts'

const settleFor = (args: string[], env: NodeJS.ProcessEnv = {}, localPostgresFile: string | null = null) =>
  settle({ flags: parseFlags(args, {}), env, cwd: '/srv/platform', localPostgresFile })

describe('settle', () => {
  test('chooses embedded parts by default', () => {
    expect(settleFor([])).toEqual({
      publicUrl: 'http://localhost:8080',
      instanceDomain: 'localhost',
      listen: { host: '127.0.0.1', port: 8080 },
      dataDir: '/srv/platform/data',
      runDir: null,
      runtime: 'process',
      edge: 'embedded',
      database: null,
    })
  })

  test('sets the public URL and where the edge listens by --port, whatever the environment says', () => {
    const found = settleFor(['--port', '9000'], {
      PUBLIC_URL: 'https://example.org',
      EDGE_LISTEN: '0.0.0.0:443',
    })
    expect(found).toMatchObject({
      publicUrl: 'http://localhost:9000',
      listen: { host: '127.0.0.1', port: 9000 },
    })
  })

  test('takes the port from a local PUBLIC_URL only', () => {
    expect(settleFor([], { PUBLIC_URL: 'http://localhost:9001' }).listen.port).toBe(9001)
    expect(settleFor([], { PUBLIC_URL: 'https://example.org' })).toMatchObject({
      instanceDomain: 'example.org',
      listen: { host: '127.0.0.1', port: 8080 },
    })
    const listen = settleFor([], { EDGE_LISTEN: '[::1]:8443' }).listen
    expect(listen).toEqual({ host: '::1', port: 8443 })
    expect(listenText(listen)).toBe('[::1]:8443')
  })

  test('chooses drivers by flags and environment', () => {
    const env = { RUNTIME: 'docker', EDGE_DRIVER: 'caddy', DATABASE_URL: 'postgres://u@db/x' }
    expect(settleFor([], env)).toMatchObject({ runtime: 'docker', edge: 'caddy', database: { note: null } })
    expect(settleFor(['--docker', '--caddy'])).toMatchObject({
      runtime: 'docker',
      edge: 'caddy',
      database: null,
    })
  })

  test('says which URL --postgres takes when none is set', () => {
    expect(settleFor(['--postgres']).database).toEqual({
      env: { DATABASE_URL: 'postgres://matrixos@127.0.0.1:5432/matrixos' },
      note: expect.stringContaining('postgres://matrixos@127.0.0.1:5432/matrixos'),
    })
    expect(settleFor(['--postgres'], {}, '/cache/postgres-url').database?.env).toEqual({
      DATABASE_URL_FILE: '/cache/postgres-url',
    })
  })

  test('names what is wrong', () => {
    expect(() => settleFor([], { RUNTIME: 'podman', EDGE_LISTEN: '8080' })).toThrow(
      /RUNTIME:[\s\S]*EDGE_LISTEN:/,
    )
  })
})

test('starts Caddy only where it is the edge, and tells all parts the same', () => {
  const parts = (args: string[]) =>
    listParts({
      root: '/srv',
      node: 'node',
      settings: settleFor(args),
      runDir: '/run/x',
      caddy: '/bin/caddy',
      secrets: { EDGE_TOKEN_FILE: '/t' },
    })
  expect(parts([]).map(({ name }) => name)).toEqual(['api', 'spa', 'edge'])
  expect(parts(['--caddy']).map(({ name }) => name)).toEqual(['caddy', 'api', 'spa', 'edge'])
  expect(parts(['--caddy'])[0]?.command).toEqual(['/bin/caddy', 'run', '--config', '/run/x/caddy.json'])
  expect(parts(['--port', '9000'])[0]?.env).toMatchObject({
    PUBLIC_URL: 'http://localhost:9000',
    EDGE_LISTEN: '127.0.0.1:9000',
    RUN_DIR: '/run/x',
    EDGE_TOKEN_FILE: '/t',
  })
})

test('names one URL, where instances live, and the missing isolation in the banner', () => {
  const text = bannerLines(settleFor([])).join('\n')
  expect(text).toContain('is up: http://localhost:8080')
  expect(text).toContain('http://HANDLE.localhost:8080')
  expect(text).toContain('development only, no isolation')
  expect(bannerLines(settleFor(['--docker'])).join('\n')).not.toContain('no isolation')
})
