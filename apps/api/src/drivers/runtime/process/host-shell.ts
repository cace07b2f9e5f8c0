/** The shell of this machine that terminals of plain processes get, where the operator allows that. */
import { accessSync, constants } from 'node:fs'

const SHELLS = ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash', '/bin/sh']

/** Absolute path; `undefined` where there is none of the usual ones. */
export const hostShell = (candidates: readonly string[] = SHELLS): string | undefined =>
  candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
