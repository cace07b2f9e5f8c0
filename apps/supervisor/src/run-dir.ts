/** Chooses the folder for unix sockets: their paths may not be longer than the kernel's address field. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { UserError } from '@matrixos/host/root'

/** Linux takes 107 bytes, macOS 103; some room is left. */
const MAX_SOCKET_PATH_BYTES = 100
const LONGEST_SOCKET_NAME = 'caddy-admin.sock'

const fits = (dir: string) => Buffer.byteLength(join(dir, LONGEST_SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES

export interface RunDirSource {
  dataDir: string
  /** RUN_DIR of the environment. */
  asked: string | null
  tmpDir: string
  uid: number
}

/**
 * RUN_DIR if it was given, else `run` in the data folder, else (where that is too deep for a socket) a folder in the
 * system's temporary one, always the same for the same data. Throws a UserError when RUN_DIR itself is too long.
 */
export function chooseRunDir({ dataDir, asked, tmpDir, uid }: RunDirSource): string {
  if (asked !== null) {
    if (fits(asked)) return asked
    throw new UserError(
      `RUN_DIR holds unix sockets, whose paths can be at most ${MAX_SOCKET_PATH_BYTES} bytes long: ${asked} is too long.`,
    )
  }
  const inData = join(dataDir, 'run')
  if (fits(inData)) return inData
  const name = `matrixos-${uid}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  const inTmp = join(tmpDir, name)
  return fits(inTmp) ? inTmp : join('/tmp', name)
}
