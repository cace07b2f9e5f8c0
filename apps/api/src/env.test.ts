import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readEnv, toMs } from './env.ts'

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
