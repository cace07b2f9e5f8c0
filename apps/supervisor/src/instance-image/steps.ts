/** Runs a script whose standard output are steps for people, and reads a tree of files as an archive. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

export interface StepsOptions {
  script: string
  env: NodeJS.ProcessEnv
  /** Where everything else goes that it prints. */
  logFile: string
  onStep: (step: string) => void
}

const LAST_LINES = 12

/**
 * In namespaces of its own: whatever it mounts or starts ends with it, and it ends with this process. Resolves to what
 * went wrong, or to `null`.
 */
export async function runSteps({ script, env, logFile, onStep }: StepsOptions): Promise<string | null> {
  const log = createWriteStream(logFile)
  await once(log, 'open')
  const apart = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', script]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...apart], { env, stdio: ['ignore', 'pipe', log] })
  const steps = createInterface({ input: child.stdout }).on('line', onStep)
  const code = await new Promise<number>((resolve) => {
    child.once('close', (value) => resolve(value ?? 128))
    child.once('error', () => resolve(127))
  })
  steps.close()
  log.close()
  if (code === 0) return null
  if (code === 127) return 'The program setpriv (of util-linux) is missing.'
  const said = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-LAST_LINES)
  return [...said, `All of it: ${logFile}`].join('\n')
}

/** Everything below `root`, owners as numbers. Throws when it could not be read to the end. */
export async function* openTree(root: string): AsyncGenerator<Buffer> {
  const args = ['-C', root, '--numeric-owner', '--one-file-system', '--sort=name', '-cf', '-', '.']
  const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? 128))
    child.once('error', () => resolve(127))
  })
  for await (const chunk of child.stdout) yield chunk
  if ((await ended) !== 0) throw new Error(`tar could not read ${root}.`)
}
