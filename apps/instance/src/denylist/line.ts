/** Whether a line of shell names a program that the platform does not want, as far as that is plain before it runs. */
import type { Denylist } from '@matrixos/shared'
import { WRAPPERS } from '../chat/command/programs.ts'
import { splitCommand } from '../chat/command/words.ts'
import { deniedName } from './match.ts'

const ASSIGNMENT_OR_OPTION = /^(-|\d|[A-Za-z_]\w*=)/

/** The name that it is denied by; `null`: it may run, and what it starts is watched. */
export function deniedInLine(line: string, list: Denylist): string | null {
  for (const { words } of splitCommand(line).commands) {
    const texts = words.map(({ text }) => text)
    const at = texts.findIndex((text) => !WRAPPERS.has(text) && !ASSIGNMENT_OR_OPTION.test(text))
    if (at === -1) continue
    const name = deniedName({ name: '', file: null, command: texts.slice(at) }, list)
    if (name !== null) return name
  }
  return null
}
