/** A program that does not watch this machine's networks, where Linux can keep it from that. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'

/** Part of every Debian and Ubuntu. */
const PERL = '/usr/bin/perl'

interface Program {
  executablePath: string
  env: Record<string, string | undefined>
}

/** `executablePath`: its own, an absolute one. */
export function unwatching(executablePath: string): Program {
  const { env } = process
  if (process.platform !== 'linux' || !isThere(PERL)) return { executablePath, env }
  return {
    executablePath: join(ROOT, 'tests/support/unwatching.pl'),
    env: { ...env, UNWATCHING: executablePath },
  }
}

function isThere(program: string): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}
