/** Whether a program is one that the platform does not want. By its name, and so a courtesy: whoever renames it gets by. */
import { posix } from 'node:path'
import type { Denylist } from '@matrixos/shared'

/** What `/proc` or a command line tells of it. */
export interface Described {
  /** The system's name for it, cut after 15 letters; empty: unknown. */
  name: string
  /** Its arguments, itself first. */
  command: readonly string[]
  /** Absolute path; `null`: unknown. */
  file: string | null
}

const CUT_AFTER = 15
/** What runs is the file that comes next. */
const INTERPRETERS =
  /^(node|bun|deno|python[\d.]*|perl[\d.]*|php[\d.]*|ruby[\d.]*|a?sh|dash|bash|zsh|busybox)$/
const SCRIPT = /\.(m?js|cjs|ts|py|pl|php|rb|sh|exe)$/

const nameOf = (path: string) => posix.basename(path).toLowerCase()

/** The name that it is denied by, as people know it; `null`: it may run. */
export function deniedName(program: Described, { names, patterns }: Denylist): string | null {
  const [first = '', ...rest] = program.command
  const own = [first, program.file ?? '', program.name].map(nameOf)
  const script = own.some((name) => INTERPRETERS.test(name))
    ? rest.find((one) => !one.startsWith('-'))
    : undefined
  const all = [...own, ...(script === undefined ? [] : [nameOf(script)])].filter((name) => name !== '')
  for (const name of all) {
    const bare = name.replace(SCRIPT, '')
    for (const one of [name, bare]) if (names.has(one)) return one
    const whole = name.length === CUT_AFTER && [...names].find((one) => one.slice(0, CUT_AFTER) === name)
    if (whole) return whole
  }
  const line = program.command.join(' ')
  return patterns.some((pattern) => pattern.test(line)) ? nameOf(first) || program.name : null
}

export const wordsOf = (name: string): string =>
  `${name} isn’t allowed here: this platform doesn’t run programs that mine or send mail in bulk.`
