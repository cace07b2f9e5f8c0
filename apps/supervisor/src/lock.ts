/**
 * Who may run where. The kernel frees these locks, even after `kill -9`. One `npm start` at a time serves a RUN_DIR,
 * and one a DATA_DIR, unless the state is in PostgreSQL and Docker: replicas share the folder then.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UserError } from '@matrixos/host/root'

export interface Place {
  dataDir: string
  runDir: string
  /** Whether other platforms may use the same DATA_DIR, each with a RUN_DIR of its own. */
  isShared: boolean
}

/** Throws a UserError that names the holder when another process has a place. Disposing gives both back. */
export function lockPlace({ dataDir, runDir, isShared }: Place): Disposable {
  const data = takeLock(dataDir, isShared)
  if (!data) {
    throw new UserError(
      `The platform is already running on ${dataDir}${holderText(dataDir)}. Stop it first, or start a second one with ` +
        'its own folder and port:\n  DATA_DIR=data2 npm start -- --port 8081',
    )
  }
  const run = takeLock(runDir, false, 'run.lock')
  if (!run) {
    data.close()
    throw new UserError(
      `The platform is already running in ${runDir}${holderText(runDir)}. Stop it first, or give this one a RUN_DIR and ` +
        'an EDGE_LISTEN of its own: deploy/README.md, "A second api".',
    )
  }
  for (const dir of [dataDir, runDir]) writeFileSync(holderFile(dir), `${process.pid}\n`)
  return {
    [Symbol.dispose]: () => {
      run.close()
      data.close()
    },
  }
}

const holderFile = (dir: string) => join(dir, 'supervisor.pid')

/** A shared lock of SQLite lets others share, and keeps out whoever wants it alone. `null`: somebody is in the way. */
function takeLock(dir: string, isShared: boolean, name = 'supervisor.lock'): DatabaseSync | null {
  const database = new DatabaseSync(join(dir, name), { timeout: 0 })
  try {
    database.exec(isShared ? 'begin; select count(*) from sqlite_master' : 'begin exclusive')
    return database
  } catch {
    database.close()
    return null
  }
}

function holderText(dir: string): string {
  try {
    return ` (process ${readFileSync(holderFile(dir), 'utf8').trim()})`
  } catch {
    return ''
  }
}
