/** Runs a command of a real shell, as the owner would in a terminal: shown while it runs, bounded, and stopped as a whole. */
import { statSync } from 'node:fs'
import { readDenylist } from '@matrixos/shared'
import * as z from 'zod/mini'
import { deniedInLine } from '../../denylist/line.ts'
import { wordsOf } from '../../denylist/match.ts'
import { disk } from '../command/disk.ts'
import { judgeCommand } from '../command/judge.ts'
import { runShell } from '../command/shell.ts'
import { defineTool, told } from './define.ts'
import { type Locate, pathField } from './paths.ts'
import type { Place, Tool } from './tool.ts'

const USUAL_S = 120
const MOST_S = 600
/** Of the output that the model gets: the beginning and the end. */
const KEPT_LETTERS = 8_000

const input = z.object({
  command: told(z.string().check(z.minLength(1), z.maxLength(20_000)), 'A line of shell'),
  folder: z.optional(pathField('Where to run it, from the top of the home; without it, the home itself')),
  seconds: z.optional(
    told(z.int().check(z.minimum(1), z.maximum(MOST_S)), `How long it may take; ${USUAL_S} without it`),
  ),
})

export interface RunOptions extends Place {
  locate: Locate
  shell: string
  environment: Record<string, string>
  /** Programs that the platform does not want, see `readDenylist`. */
  denylist?: string | undefined
  onDenied?: (program: string) => void
}

export function runTool(options: RunOptions): Tool {
  const { root, locate, shell, environment, onDenied } = options
  const denylist = readDenylist(options.denylist)
  const folderOf = (folder: string | undefined) => {
    const path = locate(folder || '~')
    return path === '' ? root : `${root}/${path}`
  }
  return defineTool({
    name: 'run_command',
    description:
      'Runs a shell command in the home and returns what it printed. The owner is asked first where it may delete something, leave the home, use the network or run programs. Nothing may wait for input, and nothing goes on running after it.',
    input,
    judge({ command, folder }) {
      // Refused without a question: nobody could allow it.
      if (deniedInLine(command, denylist) !== null) return null
      const at = folderOf(folder)
      const risks = judgeCommand(command, { ...disk, home: root, folder: at })
      return risks.length > 0 ? { risks, command, what: 'Run a command' } : null
    },
    async run({ command, folder, seconds = USUAL_S }, { signal, output }) {
      const denied = deniedInLine(command, denylist)
      if (denied !== null) {
        onDenied?.(denied)
        return { text: wordsOf(denied), isError: true }
      }
      const at = folderOf(folder)
      if (!statSync(at, { throwIfNoEntry: false })?.isDirectory()) {
        return { text: `There is no folder ${folder}.`, isError: true }
      }
      const ran = await runShell({
        command,
        folder: at,
        shell,
        environment,
        seconds,
        signal,
        onOutput: output,
      })
      return { text: described(ran, seconds), isError: ran.code !== 0 }
    },
  })
}

function described(ran: Awaited<ReturnType<typeof runShell>>, seconds: number): string {
  const said = shortened(ran.output.trimEnd())
  const end =
    ran.ending === 'time'
      ? `[ended after ${seconds} s]`
      : ran.ending === 'stopped'
        ? '[stopped by the owner]'
        : ran.code === 0
          ? ''
          : `[exit code ${ran.code}]`
  return [said, end].filter((part) => part !== '').join('\n') || '[no output]'
}

function shortened(text: string): string {
  if (text.length <= 2 * KEPT_LETTERS) return text
  const left = text.length - 2 * KEPT_LETTERS
  return `${text.slice(0, KEPT_LETTERS)}\n[… ${left} characters …]\n${text.slice(-KEPT_LETTERS)}`.toWellFormed()
}
