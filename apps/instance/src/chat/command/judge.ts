/**
 * What has to be asked before a command runs. Conservative: what only looks at the home, or makes something new in it, runs
 * at once; all else is asked, also what cannot be told before it runs. It is a courtesy to the owner and no wall: the walls
 * are around the whole computer.
 */
import { posix } from 'node:path'
import type { Risk } from '../log/entry.ts'
import { isSecret, isSetting } from '../tools/places.ts'
import { risksOf, WRAPPERS } from './programs.ts'
import { type SimpleCommand, splitCommand, type Word } from './words.ts'

export interface JudgeOptions {
  /** Absolute, without links. */
  home: string
  /** Where it would run, absolute. */
  folder: string
  isThere: (path: string) => boolean
  /** Whether a path within the home leads out of it, by a link. */
  leadsOut: (path: string) => boolean
}

/** Each once, the gravest first; empty: it may run. */
export function judgeCommand(line: string, options: JudgeOptions): Risk[] {
  const { commands, isUnclear } = splitCommand(line)
  const risks = new Set<Risk>(isUnclear ? ['runs'] : [])
  let folder = options.folder
  for (const command of commands) {
    const judged = judgeOne(command, { ...options, folder })
    for (const risk of judged.risks) risks.add(risk)
    folder = judged.folder
  }
  return ORDER.filter((risk) => risks.has(risk))
}

const ORDER: readonly Risk[] = ['deletes', 'leaves', 'network', 'secrets', 'settings', 'runs']

const HARMLESS_DEVICES = ['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin', '/dev/zero']
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i
const ASSIGNMENT = /^[A-Za-z_]\w*=/

function judgeOne({ words, redirections }: SimpleCommand, options: JudgeOptions) {
  const risks = new Set<Risk>()
  const [first, ...rest] = words
  const program = first?.text ?? ''
  if (first) {
    for (const risk of programRisks(first, rest)) risks.add(risk)
    if (rest.some(({ isOpen, text }) => isOpen && text.includes('$'))) risks.add('runs')
  }
  const writes = first !== undefined && risksOf(program, rest.map(textOf)).includes('deletes')
  for (const word of rest) for (const risk of pathRisks(word, options, writes)) risks.add(risk)
  for (const { kind, to } of redirections) {
    if (to.isOpen) risks.add('runs')
    const path = absolute(to.text, options)
    for (const risk of pathRisks({ ...to, text: `./${to.text}` }, options, kind !== '<', path))
      risks.add(risk)
    if (kind === '>' && !HARMLESS_DEVICES.includes(path) && options.isThere(path)) risks.add('deletes')
  }
  const folder = program === 'cd' ? absolute(rest[0]?.text ?? '~', options) : options.folder
  return { risks, folder }
}

const textOf = ({ text }: Word) => text

function programRisks(first: Word, rest: readonly Word[]): Risk[] {
  const { text, isOpen } = first
  // Another PATH makes other programs of the same names.
  if (isOpen || text.includes('/') || ASSIGNMENT.test(text)) return ['runs']
  if (!WRAPPERS.has(text)) return risksOf(text, rest.map(textOf))
  const wrapped = rest.findIndex((word) => !/^(-|\d|[A-Za-z_]\w*=)/.test(word.text))
  const inner = rest[wrapped]
  return ['runs', ...(inner ? programRisks(inner, rest.slice(wrapped + 1)) : [])]
}

function pathRisks(word: Word, options: JudgeOptions, writes: boolean, known?: string): Risk[] {
  // `--file=/etc/passwd` names one too.
  const text = word.text.startsWith('-') ? word.text.replace(/^[^=]*=?/, '') : word.text
  if (ADDRESS.test(text)) return ['network']
  if (text === '') return []
  const path = known ?? absolute(text, options)
  if (HARMLESS_DEVICES.includes(path)) return []
  if (!isBelow(path, options.home)) return ['leaves']
  const below = path.slice(options.home.length + 1)
  return [
    ...(options.leadsOut(path) ? (['leaves'] as const) : []),
    ...(isSecret(below) ? (['secrets'] as const) : []),
    ...(writes && isSetting(below) ? (['settings'] as const) : []),
  ]
}

function absolute(text: string, { home, folder }: JudgeOptions): string {
  if (/^~(?=\/|$)/.test(text)) return posix.normalize(home + text.slice(1)).replace(/(.)\/$/, '$1')
  // Another person's home.
  if (text.startsWith('~')) return `/home/${text.slice(1)}`
  return posix.resolve(folder, text)
}

const isBelow = (path: string, home: string) => path === home || path.startsWith(`${home}/`)
