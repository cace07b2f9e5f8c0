/** One `npm start` at a time for a data folder: the kernel frees the lock, even after `kill -9`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UserError } from '../lib/root.ts'

/** Throws a UserError that names the holder when another process has it. Disposing gives it back. */
export function lockDataDir(dataDir: string): Disposable {
  const holderFile = join(dataDir, 'supervisor.pid')
  const database = new DatabaseSync(join(dataDir, 'supervisor.lock'), { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch {
    database.close()
    throw new UserError(
      `The platform already runs on ${dataDir}${holderText(holderFile)}. Stop it first, or start a second one with ` +
        'its own folder and port:\n  DATA_DIR=data2 npm start -- --port 8081',
    )
  }
  writeFileSync(holderFile, `${process.pid}\n`)
  return { [Symbol.dispose]: () => database.close() }
}

function holderText(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`
  } catch {
    return ''
  }
}
