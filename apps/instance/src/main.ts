/**
 * Starts the instance. Runs as `node dist/server.mjs` (built: that file is all that `/health` needs, so it starts
 * fastest) or `node src/main.ts` (from source; the page still comes from `dist/web`).
 */
import { join } from 'node:path'
import { readSettings } from './env.ts'
import { createLog, describeError } from './log.ts'
import { createRest } from './rest.ts'
import { startInstance } from './server.ts'

/** Leaves room before the platform's SIGKILL, 10 s after its SIGTERM. */
const EXIT_AT_LATEST_MS = 8_000

const built = import.meta.filename.endsWith('.mjs')
const package_ = join(import.meta.dirname, '..')
const now = () => new Date()
const log = createLog({ now, write: (line) => void process.stdout.write(line) })

async function main(): Promise<void> {
  const instance = await startInstance({
    settings: readSettings(),
    web: join(package_, 'dist/web'),
    template: built ? join(package_, 'dist/template') : join(package_, 'template'),
    now,
    log,
    onUse: createRest(),
  })
  const stop = () => {
    setTimeout(() => process.exit(1), EXIT_AT_LATEST_MS).unref()
    instance.stop().then(() => process.exit(0), giveUp)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop)
  if (process.channel) process.once('disconnect', stop)
  log('listening', { port: instance.port })
  if (await instance.booted) log('first boot complete')
  process.send?.({ type: 'ready', port: instance.port })
}

function giveUp(error: unknown): void {
  log('cannot start or stop', describeError(error))
  process.exit(1)
}

main().catch(giveUp)
