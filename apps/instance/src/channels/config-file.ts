/** Reads and follows `~/config.json`, and changes parts of it. What is in it is its owner's: nothing else is touched. */
import { type FSWatcher, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WriteAtomic } from '../files/atomic.ts'
import { CHANNELS_FILE } from '../files/viewer-home.ts'
import { RequestProblem } from '../http/problem.ts'
import { NO_CONFIG, type ReadConfig, readConfig } from './config.ts'

export interface ConfigFile {
  /** As it is now. */
  read(): Promise<ReadConfig>
  /** As it was when it could be read last: a slip of the pen silences no channel. */
  effective(): ReadConfig['config']
  /** Rejects with a RequestProblem when it is no JSON. Undefined parts are left out. */
  change(change: (raw: Record<string, unknown>) => Record<string, unknown>): Promise<void>
  close(): void
}

export interface ConfigFileOptions {
  root: string
  write: WriteAtomic
  /** It has changed, whoever did that. */
  onChange: () => void
}

/** Editors write in several steps. */
const SETTLED_MS = 200

export function openConfigFile({ root, write, onChange }: ConfigFileOptions): ConfigFile {
  const path = join(root, CHANNELS_FILE)
  let effective = NO_CONFIG
  let last: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const changed = () => {
    timer ??= setTimeout(onChange, SETTLED_MS).unref()
    timer.refresh()
  }
  const read = async (): Promise<ReadConfig> => {
    const text = await readFile(path, 'utf8').catch((error) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    const found = readConfig(text)
    if (found.raw) effective = found.config
    return found
  }
  const watcher = watchFolder(root, (name) => name === CHANNELS_FILE && changed())

  return {
    read,
    effective: () => effective,
    change(change) {
      const result = last.then(async () => {
        const { raw, problems } = await read()
        if (!raw) {
          const [problem] = problems
          throw new RequestProblem(409, `${CHANNELS_FILE} cannot be read: ${problem?.words}. Mend it first.`)
        }
        await write(path, `${JSON.stringify(change(raw), null, 2)}\n`)
        await read()
      })
      last = result.catch(() => undefined)
      return result
    },
    close() {
      clearTimeout(timer)
      watcher?.close()
    },
  }
}

/** The folder, since a file that is replaced is another one. `null`: the system has no watch left; changes wait for a start. */
function watchFolder(root: string, onName: (name: string | null) => void): FSWatcher | null {
  try {
    return watch(root, { persistent: false }, (_, name) => onName(name)).on('error', () => undefined)
  } catch {
    return null
  }
}
