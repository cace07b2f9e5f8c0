/** What an app's server has in its environment: what a shell has, without whatever could be spent or shown as its owner. */
import { type ShellOwner, shellEnvironment } from '../../terminal/environment.ts'

const SECRET = /^(ANTHROPIC|OPENAI|MATRIX)_|TOKEN|SECRET|PASSWORD|KEY$/

/** A Node that is given no bound takes what the whole machine has for its own. */
const NODE_OPTIONS = '--max-old-space-size=128'

export function serverEnvironment(owner: ShellOwner): Record<string, string> {
  const { TERM: _, COLORTERM: __, ...rest } = shellEnvironment(owner)
  const harmless = Object.entries(rest).filter(([name]) => !SECRET.test(name))
  return { ...Object.fromEntries(harmless), NODE_OPTIONS, NODE_ENV: 'production' }
}
