/** `npm start`: checks, builds what changed, and runs the platform until it is stopped. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { environment } from '@matrixos/host/env'
import { postgresUrlFile } from '@matrixos/host/parts'
import { ROOT, showError } from '@matrixos/host/root'
import { createAnnouncement } from './announcement.ts'
import { bannerLines } from './banner.ts'
import { buildForStart } from './build/builds.ts'
import { domainAdvice } from './domain-advice.ts'
import { parseFlags, USAGE } from './flags.ts'
import { lockPlace } from './lock.ts'
import { formatLine } from './log-lines.ts'
import { createPartSpawner } from './part.ts'
import type { Delay, Say } from './part-life.ts'
import { entriesIn, listParts, prepareCaddy, STOP_ORDER } from './part-list.ts'
import { readPlatform, removePlatform, writePlatform } from './platform-file.ts'
import { preflight } from './preflight.ts'
import { waitForPreviousRun } from './previous-run.ts'
import { ensurePrivateDir } from './private-dir.ts'
import { type PrivateSettings, takePrivateSettings, withoutKeys } from './private-settings.ts'
import { chooseRunDir } from './run-dir.ts'
import { ensureSecrets } from './secrets.ts'
import { type Settings, settle } from './settings.ts'
import { stopOnSignals } from './signals.ts'
import { createSupervisor } from './supervisor.ts'

const format = process.stdout.isTTY ? 'pretty' : 'json'
const print = (part: string, line: string) =>
  void process.stdout.write(`${formatLine(part, line, format, Date.now())}\n`)
const LEVELS = { info: 30, warn: 40, error: 50 }
const say: Say = (level, msg) =>
  print('start', JSON.stringify({ level: LEVELS[level], time: Date.now(), msg }))
const delay: Delay = (ms, signal) => wait(ms, undefined, { signal }).catch(() => {})

function settleHere(): { settings: Settings; own: PrivateSettings } {
  const flags = parseFlags(process.argv.slice(2), environment)
  if (flags.help) {
    console.log(USAGE)
    process.exit(0)
  }
  const localFile = postgresUrlFile()
  const localPostgresFile = existsSync(localFile) ? localFile : null
  const own = takePrivateSettings(environment, ROOT)
  const { providers } = own
  const settings = settle({ flags, env: environment, cwd: ROOT, localPostgresFile, providers })
  if (!settings.single || providers.length === 0) return { settings, own }
  say('warn', 'With --single, AI keys of the environment are not used: add yours in Settings → AI.')
  return { settings, own: withoutKeys(own) }
}

/** Folders, lock and secrets: what the parts find when they start. */
async function prepare(settings: Settings) {
  ensurePrivateDir(settings.dataDir)
  const uid = process.getuid?.() ?? 0
  const runDir = chooseRunDir({ dataDir: settings.dataDir, asked: settings.runDir, tmpDir: tmpdir(), uid })
  ensurePrivateDir(runDir)
  const isShared = settings.database !== null && settings.runtime === 'docker'
  const lock = lockPlace({ dataDir: settings.dataDir, runDir, isShared })
  await waitForPreviousRun({
    previous: readPlatform(runDir),
    entries: entriesIn(ROOT, runDir),
    say: (message) => say('info', message),
    delay: wait,
  })
  removePlatform(runDir)
  const caddy = await preflight(settings, environment, say)
  if (caddy) prepareCaddy(settings.dataDir, runDir)
  return { lock, runDir, caddy, secrets: ensureSecrets(settings.dataDir, environment) }
}

function describe(
  settings: Settings,
  runDir: string,
  startedAt: string,
  parts: Record<string, number>,
): void {
  const { publicUrl, instanceDomain, runtime, edge, dataDir, ai } = settings
  const database = settings.database ? 'postgres' : 'pglite'
  const pid = process.pid
  writePlatform({
    pid,
    publicUrl,
    instanceDomain,
    runtime,
    edge,
    database,
    dataDir,
    runDir,
    startedAt,
    aiProxyUrl: ai.url,
    aiProviders: ai.providers,
    parts,
  })
}

async function main(): Promise<void> {
  const { settings, own } = settleHere()
  const { lock, runDir, caddy, secrets } = await prepare(settings)
  if (settings.database?.note) say('info', settings.database.note)
  await buildForStart({ settings, env: environment, say })
  const startedAt = new Date().toISOString()
  const announcement = createAnnouncement({
    say,
    announce: () => {
      for (const line of bannerLines(settings)) say('info', line)
    },
  })
  const supervisor = createSupervisor({
    parts: listParts({
      ...{ root: ROOT, node: process.execPath, settings, runDir, caddy, secrets },
      ownOf: own.of,
    }),
    stopOrder: STOP_ORDER,
    spawn: createPartSpawner({ cwd: ROOT, env: environment, onLine: print, onReady: announcement.report }),
    say,
    now: () => performance.now(),
    delay,
    // The api in its turn gives its child processes 10 s.
    graceMs: 15_000,
    onPids: (pids) => describe(settings, runDir, startedAt, pids),
  })
  const finished = stopOnSignals(supervisor, say)
  await supervisor.start()
  announcement.started()
  const advice = domainAdvice(settings)
  if (advice) say('warn', advice)
  await finished
  removePlatform(runDir)
  lock[Symbol.dispose]()
  process.exit(0)
}

main().catch((error) => {
  showError(error)
  process.exit(1)
})
