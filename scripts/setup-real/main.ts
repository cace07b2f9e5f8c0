/** `npm run setup:real`: Docker, gVisor, Caddy, PostgreSQL, Synapse, Chromium and schemathesis, on this machine. Safe to repeat; `--check` only looks. */
import { showError, UserError } from '@matrixos/host/root'
import { caddySetup } from './caddy.ts'
import { chromiumSetup } from './chromium.ts'
import { debianSetup } from './debian.ts'
import { dockerSetup } from './docker.ts'
import { ffmpegSetup } from './ffmpeg.ts'
import { gvisorSetup } from './gvisor.ts'
import { postgresSetup } from './postgres.ts'
import { type PartSetup, type Report, reportLine } from './report.ts'
import { schemathesisSetup } from './schemathesis.ts'
import { synapseSetup } from './synapse.ts'
import { detectSystem, type System } from './system.ts'

const USAGE = `Usage: npm run setup:real [-- [--check] [--full-image] [--video]]

  --check        only reports what is there and what is missing
  --full-image   also Debian for the full instance image, which takes two minutes
  --video        also ffmpeg, for npm run video`

const OPTIONS = ['--check', '--full-image', '--video']

async function setUp(setup: PartSetup, system: System, onlyLook: boolean): Promise<Report> {
  const { part } = setup
  if (await setup.isThere()) return { part, ok: true, text: 'ready (nothing to do)' }
  if (onlyLook || !system.canInstall) {
    return { part, ok: false, text: `missing (${setup.use}): ${setup.advice(system.isMac)}` }
  }
  try {
    console.log(`… ${part}`)
    return { part, ok: true, text: await setup.install() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { part, ok: false, text: `${error.message}\n  Manually: ${setup.advice(system.isMac)}` }
  }
}

async function main(args: string[]): Promise<void> {
  const unknown = args.find((arg) => !OPTIONS.includes(arg))
  if (unknown !== undefined) throw new UserError(`Unknown option ${unknown}.\n\n${USAGE}`)
  const onlyLook = args.includes('--check')
  const system = detectSystem()
  let missing = 0
  const parts = [
    dockerSetup,
    gvisorSetup,
    postgresSetup,
    synapseSetup,
    chromiumSetup,
    caddySetup,
    schemathesisSetup,
  ]
  if (args.includes('--full-image')) parts.push(debianSetup)
  if (args.includes('--video')) parts.push(ffmpegSetup)
  for (const create of parts) {
    const report = await setUp(create(system), system, onlyLook)
    console.log(reportLine(report))
    if (!report.ok) missing += 1
  }
  if (missing === 0) return
  if (!onlyLook && !system.canInstall) {
    console.error(
      '\nThis script installs on Debian and Ubuntu, as root. On this machine, follow the steps above manually.',
    )
  }
  process.exitCode = 1
}

main(process.argv.slice(2)).catch(showError)
