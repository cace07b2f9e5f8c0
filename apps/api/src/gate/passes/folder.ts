/**
 * Where passes lie: an empty file each, in a folder for each host. Everything is done at once and before anything else
 * happens in this process, so that no pass is laid after the moment in which it was taken away.
 */
import { mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../log.ts'

/** What is shared with other machines, or answers at somebody else's pace (Linux, `statfs(2)`). */
const REMOTE = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x01021997, // 9p
  0x65735546, // FUSE
  0x00c36400, // Ceph
  0x5346414f, // AFS
])

/** Beside the hosts' folders; no host begins with a dot. */
const GONE = '.gone-'

export type PassFolder = ReturnType<typeof createPassFolder>

/** `null`, and why is logged: no folder is to be had there, and the gate answers every request. */
export function createPassFolder(path: string, log: Pick<Log, 'warn'>) {
  let gone = 0
  const clear = () => rmSync(path, { recursive: true, force: true })

  /** A rename ends all of a folder's passes at once; what it was is deleted afterwards. */
  function takeAll(host: string): void {
    const away = join(path, `${GONE}${gone++}`)
    try {
      renameSync(join(path, host), away)
      void rm(away, { recursive: true, force: true }).catch(() => undefined)
    } catch (error) {
      if (isMissing(error)) return
      // Whatever stands in the way: better none at all than one too many.
      log.warn({ err: error, host }, 'failed to end the passes of a host; ending all of them')
      clear()
    }
  }

  try {
    // What another run has left names instances as they were then.
    clear()
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if (REMOTE.has(statfsSync(path).type)) {
      log.warn({ path }, 'no passes: RUN_DIR is on a file system of another machine')
      return null
    }
  } catch (error) {
    log.warn({ err: error, path }, 'no passes: their folder cannot be made')
    return null
  }

  return {
    /** `false`: it could not be written. */
    lay(host: string, value: string): boolean {
      try {
        mkdirSync(join(path, host), { recursive: true, mode: 0o700 })
        writeFileSync(join(path, host, value), '', { mode: 0o600 })
        return true
      } catch (error) {
        log.warn({ err: error, host }, 'failed to write a pass')
        return false
      }
    },

    takeAll,
    clear,
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
