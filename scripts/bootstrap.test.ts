/** The bootstrap in a folder of its own, with a stand-in for npm. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '@matrixos/host/processes'
import { afterEach, beforeEach, expect, test } from 'vitest'

const NPM = `
import { appendFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n')
if (process.env.NPM_FAILS) process.exit(1)
rmSync('node_modules', { recursive: true, force: true })
mkdirSync('node_modules/.bin', { recursive: true })
symlinkSync(process.execPath, 'node_modules/.bin/node')
`
const SCRIPT = `
const words: string[] = process.argv.slice(2)
console.log('ran', process.version.split('.')[0], words.join(','), process.env.PATH?.split(':')[0], 'pid', process.pid)
if (words.includes('wait')) setInterval(() => {}, 1000)
else process.exit(7)
`

let root = ''
const lockfile = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mos-bootstrap-'))
  mkdirSync(join(root, 'scripts'))
  for (const name of ['bootstrap.mjs', 'run.mjs'])
    cpSync(join(import.meta.dirname, name), join(root, 'scripts', name))
  writeFileSync(join(root, 'npm-cli.js'), NPM)
  // The real script, so that what npm runs is what is tested.
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  const demo = scripts.demo.replace('scripts/demo.ts', 'scripts/hello.ts wait')
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', scripts: { demo } }))
  writeFileSync(join(root, 'package-lock.json'), lockfile('1.0.0'))
  writeFileSync(join(root, 'scripts/hello.ts'), SCRIPT)
})
const leftOver: number[] = []
afterEach(() => {
  for (const pid of leftOver.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  rmSync(root, { recursive: true })
})

const start = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawn(process.execPath, [join(root, 'scripts/run.mjs'), ...args], {
    env: { PATH: process.env.PATH, npm_execpath: join(root, 'npm-cli.js'), ...env },
  })

async function run(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = start(args, env)
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  const [code] = await once(child, 'close')
  return { code, text }
}

const npmCalls = () =>
  existsSync(join(root, 'npm-calls')) ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n') : []

test('installs once, and again when the lockfile changed; arguments and exit code pass through', async () => {
  const first = await run(['scripts/hello.ts', 'a', 'b'])
  expect(first.code).toBe(7)
  expect(first.text).toContain(`ran v24 a,b ${join(root, 'node_modules/.bin')}`)
  expect(npmCalls()).toEqual([expect.stringMatching(/^ci /)])
  await run(['scripts/hello.ts'])
  expect(npmCalls()).toHaveLength(1)
  writeFileSync(join(root, 'package-lock.json'), lockfile('1.0.1'))
  await run(['scripts/hello.ts'])
  expect(npmCalls()).toHaveLength(2)
})

test('accepts a manual npm install as it is', async () => {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'))
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lockfile('1.0.0'))
  expect((await run(['scripts/hello.ts'])).code).toBe(7)
  expect(npmCalls()).toEqual([])
})

test('reinstalls dependencies of another kind of machine', async () => {
  await run(['scripts/hello.ts'])
  const stamp = join(root, 'node_modules/.matrixos-installed')
  writeFileSync(stamp, readFileSync(stamp, 'utf8').replace(process.platform, 'aix'))
  await run(['scripts/hello.ts'])
  expect(npmCalls()).toHaveLength(2)
})

test('says what to do when npm fails', async () => {
  const { code, text } = await run(['scripts/hello.ts'], { NPM_FAILS: '1' })
  expect(code).toBe(1)
  expect(text).toContain('The dependencies could not be installed')
})

test('passes signals on and ends by the same one', async () => {
  const child = start(['scripts/hello.ts', 'wait'])
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM'])
})

/** `npm run demo` with the real npm, once the script below it runs; answers npm and the script's process id. */
async function startUnderNpm() {
  await run(['scripts/hello.ts'])
  const npm = spawn('npm', ['run', '--silent', 'demo'], { cwd: root, env: { ...process.env } })
  const [line] = await once(npm.stdout, 'data')
  const pid = Number(/pid (\d+)/.exec(String(line))?.[1])
  leftOver.push(pid)
  return { npm, pid }
}

test.each(['SIGTERM', 'SIGKILL'] as const)('ends together with npm, ended by %s', async (signal) => {
  const { npm, pid } = await startUnderNpm()
  expect(isAlive(pid)).toBe(true)
  npm.kill(signal)
  await expect.poll(() => isAlive(pid)).toBe(false)
})
