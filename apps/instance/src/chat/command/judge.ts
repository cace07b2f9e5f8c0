/**
 * What has to be asked before a command runs. Conservative: what only looks at the home, or makes something new in it, runs
 * at once; all else is asked, also what cannot be told before it runs. It is a courtesy to the owner and no wall: the walls
 * are around the whole computer.
 */
import { posix } from 'node:path'
import type { Risk } from '../log/entry.ts'
import { isKept, isSecret, isSetting } from '../tools/places.ts'
import { fits, patternRisks } from './patterns.ts'
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
  if (options.leadsOut(options.folder)) risks.add('leaves')
  /** Where it may be: whether `cd` got anywhere is known only to what needs it to. */
  const all = new Set([options.folder])
  let folders = [...all]
  for (const command of commands) {
    for (const folder of folders)
      for (const risk of judgeOne(command, { ...options, folder })) risks.add(risk)
    const reached = reachedBy(command, folders, all, options)
    for (const folder of reached) all.add(folder)
    folders = command.isNeeded ? reached : [...all]
    if (all.size > MOST_FOLDERS) return ORDER.filter((risk) => risk === 'runs' || risks.has(risk))
  }
  return ORDER.filter((risk) => risks.has(risk))
}

const MOST_FOLDERS = 32

function reachedBy(
  { words: [program, to] }: SimpleCommand,
  folders: readonly string[],
  all: ReadonlySet<string>,
  options: JudgeOptions,
): string[] {
  if (program?.text !== 'cd') return [...folders]
  if (to?.text === '-') return [...all]
  return folders.map((folder) => absolute(to?.text ?? '~', { ...options, folder }))
}

const ORDER: readonly Risk[] = ['deletes', 'leaves', 'network', 'secrets', 'settings', 'runs']

const CHANNELS_FILE = 'config.json'
const HARMLESS_DEVICES = ['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin', '/dev/zero']
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i
const ASSIGNMENT = /^[A-Za-z_]\w*=/

function judgeOne({ words, redirections }: SimpleCommand, options: JudgeOptions): Set<Risk> {
  const risks = new Set<Risk>()
  const [first, ...rest] = words
  const program = first?.text ?? ''
  if (first) {
    for (const risk of programRisks(first, rest)) risks.add(risk)
    if (rest.some(({ isOpen, text }) => isOpen && text.includes('$'))) risks.add('runs')
    for (const risk of patternRisks(program, rest)) risks.add(risk)
    // With options, it is another word that says where.
    if (program === 'cd' && (rest.length > 1 || /^-./.test(rest[0]?.text ?? ''))) risks.add('runs')
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
  return risks
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
  const text = word.text.startsWith('-') ? pathInOption(word.text) : word.text
  if (ADDRESS.test(text)) return ['network']
  if (text === '') return []
  const path = known ?? absolute(text, options)
  if (HARMLESS_DEVICES.includes(path)) return []
  if (!isBelow(path, options.home)) return ['leaves']
  const below = path.slice(options.home.length + 1)
  return [
    ...(options.leadsOut(path) ? (['leaves'] as const) : []),
    ...(isSecret(below) || (word.isPattern && fits(below, CHANNELS_FILE)) ? (['secrets'] as const) : []),
    ...(writes && (isSetting(below) || isKept(below)) ? (['settings'] as const) : []),
  ]
}

/** `--file=/etc/passwd` names one too, and so does `-f/etc/passwd`; `-d/` does not. */
function pathInOption(option: string): string {
  if (option.includes('=')) return option.slice(option.indexOf('=') + 1)
  const [, path = ''] = /^-[A-Za-z]+([~./].+)$/.exec(option) ?? []
  return path
}

function absolute(text: string, { home, folder }: JudgeOptions): string {
  if (/^~(?=\/|$)/.test(text)) return posix.normalize(home + text.slice(1)).replace(/(.)\/$/, '$1')
  // Another person's home.
  if (text.startsWith('~')) return `/home/${text.slice(1)}`
  return posix.resolve(folder, text)
}

const isBelow = (path: string, home: string) => path === home || path.startsWith(`${home}/`)
