/**
 * One command in a group of processes of its own. It ends as a whole, with everything that it started: when it is done,
 * when it is stopped, when its time is over, and when this process is killed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

export interface ShellRun {
  command: string
  /** Absolute, and there. */
  folder: string
  shell: string
  environment: Record<string, string>
  seconds: number
  signal: AbortSignal
  onOutput: (text: string) => void
}

export interface ShellResult {
  /** As a shell tells it. */
  code: number
  output: string
  ending: 'done' | 'stopped' | 'time'
}

const BASH = '/bin/bash'
const { signals } = constants
/**
 * Waits, beside the command, for the end of a pipe that only the process of the chat holds open: however that one ends,
 * this group of processes ends with it.
 */
const WATCHED = `
{ read -r -u 3 _; trap '' TERM; kill -TERM 0; sleep 2; kill -KILL 0; } >/dev/null 2>&1 </dev/null &
watch=$!
exec 3<&-
"$0" -c "$1"
code=$?
kill "$watch" 2>/dev/null
exit $code`

/** A folder that only looks like a repository says nothing, and none names a program that `git status` would run. */
const SAFE_GIT = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'safe.bareRepository',
  GIT_CONFIG_VALUE_0: 'explicit',
  GIT_CONFIG_KEY_1: 'core.fsmonitor',
  GIT_CONFIG_VALUE_1: 'false',
}

/** The system may end a command before the computer itself when memory is short. */
const FIRST_TO_GO = '500'
const KILL_AFTER_MS = 3_000
/** What a pipe may still hold when the command has ended. */
const LAST_WORDS_MS = 200
const KEPT_LETTERS = 400_000

/** Rejects where it cannot be started. */
export async function runShell(run: ShellRun): Promise<ShellResult> {
  const { command, folder, shell, environment, signal, onOutput } = run
  const hasBash = existsSync(BASH)
  const child = spawn(hasBash ? BASH : shell, hasBash ? ['-c', WATCHED, shell, command] : ['-c', command], {
    cwd: folder,
    env: {
      ...environment,
      TERM: 'dumb',
      PAGER: 'cat',
      GIT_PAGER: 'cat',
      GIT_TERMINAL_PROMPT: '0',
      // To look writes nothing, and so runs no hook.
      GIT_OPTIONAL_LOCKS: '0',
      ...SAFE_GIT,
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const lifeline = child.stdio[3]
  lifeline?.on('error', () => undefined)
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))])
  const pid = child.pid ?? 0
  void writeFile(`/proc/${pid}/oom_score_adj`, FIRST_TO_GO).catch(() => undefined)

  let output = ''
  const hear = (stream: NodeJS.ReadableStream | null) => {
    const decoder = new StringDecoder('utf8')
    stream?.on('data', (bytes: Buffer) => {
      const text = stripVTControlCharacters(decoder.write(bytes)).replaceAll('\r\n', '\n')
      output = (output + text).slice(-KEPT_LETTERS)
      onOutput(text)
    })
  }
  hear(child.stdout)
  hear(child.stderr)

  let ending: ShellResult['ending'] = 'done'
  let killing: NodeJS.Timeout | undefined
  const killAll = () => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
  const end = (why: ShellResult['ending']) => {
    if (ending !== 'done') return
    ending = why
    lifeline?.destroy()
    if (!hasBash) child.kill('SIGTERM')
    killing = setTimeout(killAll, KILL_AFTER_MS)
  }
  const timer = setTimeout(() => end('time'), run.seconds * 1_000)
  const stop = () => end('stopped')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()

  const [code, killedBy] = await once(child, 'exit')
  clearTimeout(timer)
  clearTimeout(killing)
  signal.removeEventListener('abort', stop)
  // What it left in the background goes with it, and so the pipes end.
  killAll()
  lifeline?.destroy()
  await Promise.race([
    Promise.all(
      [child.stdout, child.stderr].map((stream) => stream && !stream.closed && once(stream, 'close')),
    ),
    new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS)),
  ])
  return {
    code: typeof code === 'number' ? code : 128 + (signals[killedBy as NodeJS.Signals] ?? 0),
    output,
    ending,
  }
}
