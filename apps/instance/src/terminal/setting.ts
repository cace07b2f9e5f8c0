/** Whether this computer has a real terminal, and in plain words why not. */
import { accessSync, constants, statSync } from 'node:fs'

export type TerminalSetting =
  /** `shell`: absolute path of a program that was there at start. */
  { kind: 'pty'; shell: string } | { kind: 'console'; reason: string }

export interface ShellGiven {
  /** Absolute path of the login shell, if there is one. */
  shell: string | undefined
  /** Whether something keeps this computer apart from the machine it runs on. */
  isIsolated: boolean
}

export function terminalSetting({ shell, isIsolated }: ShellGiven): TerminalSetting {
  if (shell === undefined) return { kind: 'console', reason: isIsolated ? NO_SHELL : NOT_ISOLATED }
  if (!isProgram(shell)) {
    return {
      kind: 'console',
      reason: `This computer’s shell should be ${shell}, but there is no such program. Its built-in console works.`,
    }
  }
  return { kind: 'pty', shell }
}

const NO_SHELL = 'This computer’s image has no shell. Its built-in console works.'

const NOT_ISOLATED =
  'This computer is a plain process on its server. A shell in it could read everything the platform can, so there is only the built-in console, unless the server’s operator sets ALLOW_HOST_SHELL=1.'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
