/** Folders that only this user may enter. */
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '@matrixos/host/root'

/**
 * Makes the folder (mode 0700), or checks that an existing one is a real folder of this user and closes it to others.
 * Throws a UserError where somebody else owns it, or it cannot be made.
 */
export function ensurePrivateDir(path: string): void {
  try {
    makeDir(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(`${path} cannot be created: ${reason}. Choose a folder you can write to.`)
  }
  const found = lstatSync(path)
  const owner = process.getuid?.() ?? found.uid
  if (!found.isDirectory() || found.uid !== owner) {
    throw new UserError(
      `${path} must be a folder owned by the user who starts the platform. Remove it, or choose another.`,
    )
  }
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700)
}

/** Folder by folder: Node's `recursive` tries for ever where a folder is there, and yet nothing can be made in it. */
function makeDir(path: string): void {
  if (existsSync(path)) return
  makeDir(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(path)) throw error
  }
}
