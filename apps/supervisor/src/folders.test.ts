import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockPlace } from './lock.ts'
import { type Platform, readPlatform, removePlatform, writePlatform } from './platform-file.ts'
import { waitForPreviousRun } from './previous-run.ts'
import { ensurePrivateDir } from './private-dir.ts'
import { chooseRunDir } from './run-dir.ts'
import { ensureSecrets } from './secrets.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mos-start-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const mode = (path: string) => statSync(path).mode & 0o777

describe('ensurePrivateDir', () => {
  test('makes a folder for this user alone, and closes an open one', () => {
    const path = join(dir, 'a/b')
    ensurePrivateDir(path)
    expect(mode(path)).toBe(0o700)
    ensurePrivateDir(path)
  })

  test.runIf(process.platform === 'linux')('says so where nothing can be made', () => {
    const make = `const { ensurePrivateDir } = await import(${JSON.stringify(join(import.meta.dirname, 'private-dir.ts'))})
      ensurePrivateDir('/proc/foo/bar')`
    const options = { timeout: 10_000, killSignal: 'SIGKILL' as const }
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', make], options)
    expect(signal).toBeNull()
    expect(stderr.toString()).toMatch(/\/proc\/foo\/bar cannot be created: ENOENT.*Choose a folder/)
  })

  test('refuses a link that stands in its place', () => {
    symlinkSync(dir, join(dir, 'link'))
    expect(() => ensurePrivateDir(join(dir, 'link'))).toThrow('must be a folder owned by the user')
  })
})

describe('chooseRunDir', () => {
  const deep = `/${'d'.repeat(90)}`
  const choose = (dataDir: string, asked: string | null = null) =>
    chooseRunDir({ dataDir, asked, tmpDir: '/tmp', uid: 1000 })

  test('stays in the data folder where socket paths fit', () => {
    expect(choose('/srv/data')).toBe('/srv/data/run')
    expect(choose('/srv/data', '/run/matrixos')).toBe('/run/matrixos')
  })

  test('moves to a private folder, the same one each time, where they do not', () => {
    expect(choose(deep)).toMatch(/^\/tmp\/matrixos-1000-[0-9a-f]{12}$/)
    expect(choose(deep)).toBe(choose(deep))
    expect(choose(deep)).not.toBe(choose(`${deep}e`))
  })

  test('refuses a RUN_DIR that is itself too long', () => {
    expect(() => choose('/srv', deep)).toThrow('RUN_DIR')
  })
})

describe('ensureSecrets', () => {
  test('makes them once, for this user alone', () => {
    const first = ensureSecrets(dir, {})
    expect(first).toEqual({
      EDGE_TOKEN_FILE: join(dir, 'secrets/edge-token'),
      PLATFORM_SECRET_FILE: join(dir, 'secrets/platform-secret'),
    })
    expect(mode(join(dir, 'secrets'))).toBe(0o700)
    expect(mode(join(dir, 'secrets/edge-token'))).toBe(0o600)
    const size = statSync(join(dir, 'secrets/edge-token')).mtimeMs
    expect(ensureSecrets(dir, {})).toEqual(first)
    expect(statSync(join(dir, 'secrets/edge-token')).mtimeMs).toBe(size)
  })

  test('leaves what the environment brings, and refuses a damaged file', () => {
    expect(Object.keys(ensureSecrets(dir, { EDGE_TOKEN: 'x' }))).toEqual(['PLATFORM_SECRET_FILE'])
    writeFileSync(join(dir, 'secrets/edge-token'), '')
    expect(() => ensureSecrets(dir, {})).toThrow('too short')
  })
})

describe('lockPlace', () => {
  const place = (name: string, isShared: boolean) => {
    const runDir = join(dir, name)
    ensurePrivateDir(runDir)
    return { dataDir: dir, runDir, isShared }
  }

  test('lets one supervisor at a time serve a data folder', () => {
    const lock = lockPlace(place('run', false))
    const text = `already running on ${dir} (process ${process.pid})`
    expect(() => lockPlace(place('run', false))).toThrow(text)
    expect(() => lockPlace(place('run2', true))).toThrow(text)
    lock[Symbol.dispose]()
    lockPlace(place('run', false))[Symbol.dispose]()
  })

  test('lets replicas share a data folder, each in a RUN_DIR of its own', () => {
    const first = lockPlace(place('run', true))
    const second = lockPlace(place('run2', true))
    expect(() => lockPlace(place('run2', true))).toThrow(`already running in ${join(dir, 'run2')} (process`)
    expect(() => lockPlace(place('run3', false))).toThrow('already running on')
    first[Symbol.dispose]()
    second[Symbol.dispose]()
    lockPlace(place('run3', false))[Symbol.dispose]()
  })
})

describe('platform.json', () => {
  const platform = (): Platform => ({
    pid: 1,
    publicUrl: 'http://localhost:8080',
    instanceDomain: 'localhost',
    runtime: 'process',
    edge: 'embedded',
    database: 'pglite',
    dataDir: dir,
    runDir: dir,
    startedAt: '2026-01-01T00:00:00.000Z',
    aiProxyUrl: 'http://127.0.0.1:8090',
    aiProviders: ['anthropic'],
    parts: { api: process.pid },
  })

  test('is read as it was written, and null when it is not there', () => {
    expect(readPlatform(dir)).toBeNull()
    writePlatform(platform())
    expect(readPlatform(dir)).toEqual(platform())
    removePlatform(dir)
    expect(readPlatform(dir)).toBeNull()
  })

  const waitFor = (entry: string) => {
    const delays: number[] = []
    const done = waitForPreviousRun({
      previous: platform(),
      entries: { api: entry },
      say: () => {},
      delay: async (ms) => void delays.push(ms),
      timeoutMs: 500,
    })
    return { done, delays }
  }

  test('waits for what an interrupted run left, and names it when it stays', async () => {
    const { done, delays } = waitFor(process.argv[0] ?? '')
    await expect(done).rejects.toThrow(`api (process ${process.pid})`)
    expect(delays).toHaveLength(5)
  })

  test('does not wait for a process id that was reused', async () => {
    const { done, delays } = waitFor('/nowhere/apps/api/src/main.ts')
    await done
    expect(delays).toEqual([])
  })
})
