/** The machine being set up: what kind it is, and how to install programs. */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'

export interface System {
  /** Debian or Ubuntu, as root: packages can be installed. */
  canInstall: boolean
  isMac: boolean
  hasSystemd: boolean
  /** Installs Debian packages. Throws a UserError with apt's words. */
  aptInstall: (packages: string[]) => Promise<void>
}

export function detectSystem(): System {
  const isDebian = /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readOr('/etc/os-release'))
  let updated = false
  return {
    canInstall: isDebian && process.getuid?.() === 0,
    isMac: process.platform === 'darwin',
    hasSystemd: existsSync('/run/systemd/system'),
    aptInstall: async (packages) => {
      if (!updated) await apt(['update'])
      updated = true
      await apt(['install', '--yes', '--no-install-recommends', ...packages])
    },
  }
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

async function apt(args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { code, output } = await runCommand('apt-get', ['-qq', ...args], { env, timeoutMs: 900_000 })
  if (code !== 0) throw new UserError(`apt-get ${args.join(' ')} failed:\n${lastLines(output)}`)
}

export const lastLines = (text: string, count = 15): string =>
  text.trim().split('\n').slice(-count).join('\n')

/** Asks again every 0.2 s until it is true; `false` after the time-out. */
export async function eventually(check: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const endMs = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() > endMs) return false
    await wait(200)
  }
  return true
}
