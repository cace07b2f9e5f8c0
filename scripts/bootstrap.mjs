/**
 * Makes sure that the dependencies and Node 24 are there, then runs a script on that Node.
 * Plain JavaScript without dependencies: every Node from 20 on can read it, before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const MODULES = join(ROOT, 'node_modules')
const BIN = join(MODULES, '.bin')
const STAMP = join(MODULES, '.matrixos-installed')
const NEEDED_MAJOR = 24

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : null)
const majorOf = (version) => Number(/^v?(\d+)\./.exec(version ?? '')?.[1] ?? 0)

/** A person can act on it; a stack trace would only hide it. */
function giveUp(message) {
  console.error(`\n${message}\n`)
  process.exit(1)
}

/** What `node_modules` should have been installed from: the lockfile, for this kind of machine. */
function wantedStamp() {
  const lock = read(join(ROOT, 'package-lock.json'))
  if (lock === null)
    giveUp(`package-lock.json is missing in ${ROOT}. Restore it with: git checkout package-lock.json`)
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch}\n`
}

const fitsThisMachine = (entry) =>
  (entry.os?.includes(process.platform) ?? true) && (entry.cpu?.includes(process.arch) ?? true)

/** Whether npm's own record of what it installed says the same as the lockfile, so that `npm ci` by hand counts too. */
function npmRecordMatches() {
  const record = read(join(MODULES, '.package-lock.json'))
  if (record === null) return false
  const { '': _root, ...wanted } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  const { '': _self, ...installed } = JSON.parse(record).packages
  const known = Object.entries(installed).every(
    ([path, entry]) => path in wanted && wanted[path].version === entry.version && fitsThisMachine(entry),
  )
  return (
    known &&
    Object.entries(wanted).every(([path, entry]) => entry.optional || entry.peer || path in installed)
  )
}

function dependenciesAreCurrent() {
  const wanted = wantedStamp()
  const stamp = read(STAMP)
  if (stamp === wanted && existsSync(BIN)) return true
  const otherMachine =
    stamp !== null && stamp.split(' ').slice(1).join() !== wanted.split(' ').slice(1).join()
  if (otherMachine || !npmRecordMatches()) return false
  writeFileSync(STAMP, wanted)
  return true
}

/** npm's own program, run by the Node that runs npm: the one in `node_modules` is about to be replaced. */
function npmCommand() {
  const node = process.env.npm_node_execpath || process.execPath
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const script = [process.env.npm_execpath, beside].find(
    (path) => path?.endsWith('npm-cli.js') && existsSync(path),
  )
  return script ? { file: node, args: [script] } : { file: 'npm', args: [] }
}

function installDependencies() {
  console.error('Installing dependencies (up to a minute, only when they changed) …')
  const { file, args } = npmCommand()
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const done = spawnSync(file, [...args, ...options], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
  if (done.error?.code === 'ENOENT') {
    giveUp('npm was not found. Install Node.js together with npm (https://nodejs.org), then try again.')
  }
  if (done.signal) process.exit(130)
  if (done.status !== 0) {
    giveUp(
      'The dependencies could not be installed: see what npm said above.\n' +
        'Without a network: connect once, run "npm ci", and start again; afterwards no network is needed.\n' +
        'With "EACCES": the folder belongs to another user.',
    )
  }
  writeFileSync(STAMP, wantedStamp())
}

/** Path of a Node ≥ 24: the one that npm installed, else the one that runs this. */
function findNode() {
  const bundled = join(BIN, 'node')
  const answer = existsSync(bundled) ? spawnSync(bundled, ['--version'], { encoding: 'utf8' }) : null
  if (majorOf(answer?.stdout) >= NEEDED_MAJOR) return bundled
  if (majorOf(process.version) >= NEEDED_MAJOR) return process.execPath
  return null
}

function ensureNode() {
  if (!dependenciesAreCurrent()) installDependencies()
  let node = findNode()
  const bundledExists = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
  if (node === null && bundledExists) {
    installDependencies()
    node = findNode()
  }
  return (
    node ??
    giveUp(
      `Node.js ${NEEDED_MAJOR} or newer is needed here; this is ${process.version} on ${process.platform} ${process.arch}.\n` +
        `On Linux (x64, arm64, glibc) npm brings it along; on this machine install it yourself, e.g. "brew install node" ` +
        'or https://nodejs.org/download.',
    )
  )
}

/** How soon the death of npm is noticed. */
const PARENT_POLL_MS = 500

/**
 * npm passes SIGINT and SIGTERM on to its script, but nobody passes on a SIGKILL: whoever npm started ends with it.
 * Started without npm, a parent may leave on purpose (`nohup`, a shell that exits): then nothing is watched.
 */
function stopWithNpm(child) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, PARENT_POLL_MS)
  watch.unref()
}

/** Ends as the child ended: with its exit code, or by its signal. */
function followToTheEnd(child) {
  // A terminal sends Ctrl-C to the whole group: passing it on as well would deliver it twice.
  const passed = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => passed.includes(signal) && child.kill(signal))
  }
  child.on('error', (error) => giveUp(`Could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/**
 * Runs `script` (below the repository's root) on Node 24, with `flags` for it, once the script `before` has ended well. `ipc`: it learns
 * by `disconnect` when this process dies.
 */
export function runOnNode24(script, args, { ipc = false, flags = [], before = null } = {}) {
  if (process.platform === 'win32') {
    giveUp(
      'Matrix OS Platform runs on Linux and macOS. On Windows, run it inside WSL: https://learn.microsoft.com/windows/wsl',
    )
  }
  const node = ensureNode()
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}` }
  const made = before && spawnSync(node, [join(ROOT, before)], { stdio: 'inherit', env })
  if (made?.signal) process.exit(130)
  if (made && made.status !== 0) process.exit(1)
  const stdio = ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit'
  const child = spawn(node, [...flags, join(ROOT, script), ...args], { stdio, env })
  stopWithNpm(child)
  followToTheEnd(child)
}
