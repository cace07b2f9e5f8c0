import { describe, expect, test } from 'vitest'
import { bannerLines } from './banner.ts'
import { parseFlags } from './flags.ts'
import type { PartSpec } from './part.ts'
import { listParts, STOP_ORDER } from './part-list.ts'
import { listenText, type Settings, settle } from './settings.ts'

const settleFor = (
  args: string[],
  env: NodeJS.ProcessEnv = {},
  localPostgresFile: string | null = null,
  providers: Settings['ai']['providers'] = [],
) => settle({ flags: parseFlags(args, {}), env, cwd: '/srv/platform', localPostgresFile, providers })

describe('settle', () => {
  test('chooses embedded parts by default', () => {
    expect(settleFor([])).toEqual({
      publicUrl: 'http://localhost:8080',
      single: false,
      instanceDomain: 'localhost',
      listen: { host: '127.0.0.1', port: 8080 },
      dataDir: '/srv/platform/data',
      runDir: null,
      runtime: 'process',
      edge: 'embedded',
      database: null,
      ai: { listen: { host: '127.0.0.1', port: 8090 }, url: 'http://127.0.0.1:8090', providers: [] },
    })
  })

  test('puts the AI proxy beside the edge, or where the network of instances ends', () => {
    const ai = (args: string[], env: NodeJS.ProcessEnv = {}) => settleFor(args, env).ai.url
    expect(ai(['--port', '9000'])).toBe('http://127.0.0.1:9010')
    expect(ai(['--port', '65530'])).toBe('http://127.0.0.1:65520')
    expect(ai([], { EDGE_LISTEN: ':443' })).toBe('http://127.0.0.1:8090')
    expect(ai(['--docker'], { DOCKER_SUBNET: '10.230.0.0/20' })).toBe('http://10.230.0.1:4100')
    expect(ai([], { AI_PROXY_LISTEN: '127.0.0.1:4000', AI_PROXY_URL: 'http://ai' })).toBe('http://ai')
    expect(() => ai([], { AI_PROXY_LISTEN: '4000' })).toThrow(/AI_PROXY_LISTEN: expected HOST:PORT/)
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

  test('runs one person alone, at the public URL, without a key of the environment', () => {
    const single = settleFor(['--single', '--port', '9000'])
    expect(single).toMatchObject({
      single: true,
      publicUrl: 'http://localhost:9000',
      instanceDomain: 'localhost',
    })
    expect(single.ai.providers).toEqual([])
    expect(settleFor([], { SINGLE: '1' }).single).toBe(true)
    expect(() => settleFor(['--single'], { INSTANCE_DOMAIN: 'people.example' })).toThrow(
      /INSTANCE_DOMAIN has no meaning/,
    )
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

const parts = (args: string[], providers: Settings['ai']['providers'] = []) =>
  listParts({
    root: '/srv',
    node: 'node',
    settings: settleFor(args, {}, null, providers),
    runDir: '/run/x',
    caddy: '/bin/caddy',
    secrets: { EDGE_TOKEN_FILE: '/t' },
    ownOf: (part) => (part === 'ai' ? { ANTHROPIC_API_KEY: 'sk-a' } : {}),
  })
const names = (specs: PartSpec[]) => specs.map(({ name }) => name)

test('starts Caddy only where it is the edge, and tells all parts the same', () => {
  expect(names(parts([]))).toEqual(['model', 'api', 'ai', 'spa', 'edge'])
  expect(names(parts(['--caddy']))).toEqual(['caddy', 'model', 'api', 'ai', 'spa', 'edge'])
  expect(parts(['--caddy'])[0]?.command).toEqual(['/bin/caddy', 'run', '--config', '/run/x/caddy.json'])
  expect(parts(['--port', '9000'])[1]?.env).toMatchObject({
    PUBLIC_URL: 'http://localhost:9000',
    EDGE_LISTEN: '127.0.0.1:9000',
    RUN_DIR: '/run/x',
    EDGE_TOKEN_FILE: '/t',
    AI_PROXY_LISTEN: '127.0.0.1:9010',
    AI_DEMONSTRATION_URL: 'unix:/run/x/model.sock',
  })
})

test("starts the demonstration model where no provider's key is set, and shows a key to the proxy alone", () => {
  const found = parts(['--caddy'], ['anthropic'])
  expect(names(found)).toEqual(['caddy', 'api', 'ai', 'spa', 'edge'])
  const holders = found.filter(({ env }) => JSON.stringify(env).includes('sk-a'))
  expect(names(holders)).toEqual(['ai'])
  expect(found[1]?.env).toMatchObject({ AI_PLATFORM_KEYS: 'anthropic' })
  expect(found[1]?.env).not.toHaveProperty('AI_DEMONSTRATION_URL')
})

test('stops every part: the proxy before what it settles its calls with', () => {
  expect([...STOP_ORDER].sort()).toEqual(names(parts(['--caddy'])).sort())
  const at = (name: string) => STOP_ORDER.indexOf(name)
  expect(at('ai')).toBeLessThan(at('api'))
  expect(at('ai')).toBeLessThan(at('model'))
})

test('names one URL, where instances live, and the missing isolation in the banner', () => {
  const text = bannerLines(settleFor([])).join('\n')
  expect(text).toContain('is up: http://localhost:8080')
  expect(text).toContain('http://HANDLE.localhost:8080')
  expect(text).toContain('development only, no isolation')
  expect(bannerLines(settleFor(['--docker'])).join('\n')).not.toContain('no isolation')
  expect(text).toContain('demonstration model')
  const paid = bannerLines(settleFor([], {}, null, ['anthropic'])).join('\n')
  expect(paid).toContain("AI         Anthropic, on the platform's key")
})
