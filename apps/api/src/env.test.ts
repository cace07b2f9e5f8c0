import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readEnv, readProxyEnv, toMs } from './env.ts'

const secrets = { PLATFORM_SECRET: 's'.repeat(32), EDGE_TOKEN: 't'.repeat(32) }

it('has a default for everything but the secrets', () => {
  const env = readEnv({ ...secrets, DATA_DIR: '/data' })
  expect(env).toMatchObject({ PUBLIC_URL: 'http://localhost:8080', RUNTIME: 'process', RUN_DIR: '/data/run' })
  expect(env.DATABASE_URL).toBeUndefined()
})

it('names every wrong variable, and shows no value', () => {
  const read = () => readEnv({ ...secrets, EDGE_TOKEN: 'hunter2', DATABASE_URL: 'mysql://u:hunter2@h/d' })
  expect(read).toThrow(/EDGE_TOKEN[\s\S]*DATABASE_URL|DATABASE_URL[\s\S]*EDGE_TOKEN/)
  expect(read).not.toThrow(/hunter2/)
})

it('reads secrets from files, and names a file that is not there', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mos-env-')), 'token')
  writeFileSync(file, `${'f'.repeat(40)}\n`)
  expect(readEnv({ PLATFORM_SECRET: secrets.PLATFORM_SECRET, EDGE_TOKEN_FILE: file }).EDGE_TOKEN).toBe(
    'f'.repeat(40),
  )
  expect(() => readEnv({ ...secrets, EDGE_TOKEN: '', EDGE_TOKEN_FILE: '/nowhere' })).toThrow(
    /EDGE_TOKEN_FILE names \/nowhere/,
  )
})

it('takes durations that timers can keep, and no longer ones', () => {
  expect(toMs(readEnv({ ...secrets, PAGE_AFTER_S: '2.01' }).PAGE_AFTER_S)).toBe(2010)
  expect(() => readEnv({ ...secrets, IDLE_LIMIT_S: '31536000' })).toThrow(/IDLE_LIMIT_S: .*2000000/)
})

it('tells instances where the proxy listens, unless they are told otherwise', () => {
  const docker = { ...secrets, RUNTIME: 'docker', DOCKER_SUBNET: '10.230.16.0/20' }
  const url = (env: Record<string, string>) => readEnv(env).AI_PROXY_URL
  expect(url(secrets)).toBe('http://127.0.0.1:8090')
  expect(url(docker)).toBe('http://10.230.16.1:4100')
  expect(readProxyEnv(docker).AI_PROXY_LISTEN).toBe('10.230.16.1:4100')
  expect(url({ ...docker, AI_PROXY_LISTEN: '10.230.16.1:4200' })).toBe('http://10.230.16.1:4200')
  expect(url({ ...docker, AI_PROXY_URL: 'http://ai.internal/' })).toBe('http://ai.internal')
  expect(() => url({ ...secrets, AI_PROXY_LISTEN: '8090' })).toThrow(/AI_PROXY_LISTEN: Expected HOST:PORT/)
})

it("reads a provider's key for the proxy alone", () => {
  const keyed = { ...secrets, ANTHROPIC_API_KEY: 'sk-marker-of-a-key', AI_PLATFORM_KEYS: 'anthropic' }
  expect(Object.values(readEnv(keyed))).not.toContain('sk-marker-of-a-key')
  expect(readEnv(keyed).AI_PLATFORM_KEYS).toEqual(['anthropic'])
  expect(readProxyEnv(keyed).ANTHROPIC_API_KEY).toBe('sk-marker-of-a-key')
  expect(() => readEnv({ ...keyed, AI_PLATFORM_KEYS: 'someone' })).toThrow(/AI_PLATFORM_KEYS/)
})
