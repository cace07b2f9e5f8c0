/**
 * What has to be asked before a command runs. Conservative: what only looks at the home, or makes something new in it, runs
 * at once; all else is asked, also what cannot be told before it runs. It is a courtesy to the owner and no wall: the walls
 * are around the whole computer.
 */
import { posix } from 'node:path'
import type { Risk } from '../log/entry.ts'
import { isKept, isSecret, isSetting } from '../tools/places.ts'
import type { Disk } from './disk.ts'
import { expand, patternRisks } from './patterns.ts'
import { readsFolders, risksOf, WRAPPERS, writes } from './programs.ts'
import { type SimpleCommand, splitCommand, type Word } from './words.ts'

export interface JudgeOptions extends Disk {
  /** Absolute, without links. */
  home: string
  /** Where it would run, absolute. */
  folder: string
}

/** Each once, the gravest first; empty: it may run. */
export function judgeCommand(line: string, options: JudgeOptions): Risk[] {
  const { commands, isUnclear } = splitCommand(line)
  const risks = new Set<Risk>(isUnclear ? ['runs'] : [])
  if (!isBelow(options.real(options.folder) ?? '/', options.home)) risks.add('leaves')
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
  // `cd` goes by names, and whatever runs then by where they lead.
  return folders.flatMap((folder) => {
    const reached = absolute(to?.text ?? '~', { ...options, folder })
    return [...new Set([reached, options.real(reached) ?? reached])]
  })
}

const ORDER: readonly Risk[] = ['deletes', 'leaves', 'network', 'secrets', 'settings', 'runs']

const HARMLESS_DEVICES = ['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin']
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i
const LONGEST_OPTION = 4_096
const MOST_LOOKED_AT = 20_000
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
  const args = rest.map(textOf)
  const isWriting = first !== undefined && writes(program, args)
  for (const word of rest) for (const risk of wordRisks(word, options, isWriting)) risks.add(risk)
  for (const place of readsFolders(program, args) ?? [])
    if (holdsSecrets(absolute(place, options), options)) risks.add('secrets')
  if (program === 'git' && !options.isPlainGit(options.folder)) risks.add('runs')
  for (const { kind, to } of redirections) {
    if (to.isOpen) risks.add('runs')
    for (const risk of pathRisks(to.text, options, kind !== '<')) risks.add(risk)
    const path = absolute(to.text, options)
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

function wordRisks({ text, isPattern }: Word, options: JudgeOptions, isWriting: boolean): Risk[] {
  if (ADDRESS.test(text)) return ['network']
  const texts = [text, ...pathsInOption(text), ...pathInRevision(text)]
  return [
    ...texts.flatMap((one) => pathRisks(one, options, isWriting)),
    ...secretsInOption(text, options),
    ...(isPattern ? texts.flatMap((one) => patternPathRisks(one, options, isWriting)) : []),
  ]
}

/** A folder may hold links, and what is secret, that a pattern stands for. */
function patternPathRisks(text: string, options: JudgeOptions, isWriting: boolean): Risk[] {
  const found = expand(unresolved(text, options), options)
  return found?.flatMap((path) => pathRisks(path, options, isWriting)) ?? ['runs']
}

function pathRisks(text: string, options: JudgeOptions, isWriting: boolean): Risk[] {
  if (text === '') return []
  if (ADDRESS.test(text)) return ['network']
  const named = absolute(text, options)
  if (HARMLESS_DEVICES.includes(named)) return []
  const reached = options.real(unresolved(text, options)) ?? '/'
  return [named, reached].flatMap((path): Risk[] => {
    if (!isBelow(path, options.home)) return ['leaves']
    const below = path.slice(options.home.length + 1)
    return [
      ...(isSecret(below) ? (['secrets'] as const) : []),
      ...(isWriting && (isSetting(below) || isKept(below)) ? (['settings'] as const) : []),
    ]
  })
}

/** `--file=/etc/passwd` names one too, and so does `-f/etc/passwd`; `-d/` does not. */
function pathsInOption(option: string): string[] {
  if (!option.startsWith('-')) return []
  if (option.includes('=')) return [option.slice(option.indexOf('=') + 1)]
  const [, path] = /^-[^-/~.][^/~.]*([~./].+)$/.exec(option) ?? []
  return path ? [path] : []
}

/** `HEAD:config.json`, as git names a file of a commit. */
function pathInRevision(text: string): string[] {
  const [, path] = /^[^:]*:(?:\.\/)?(.+)$/.exec(text) ?? []
  return path ? [path] : []
}

/** `-fconfig.json`, and `-fnotes/../config.json`: where the options end, only the program knows. */
function secretsInOption(option: string, options: JudgeOptions): Risk[] {
  if (!/^-[^-]/.test(option) || option.length > LONGEST_OPTION) return []
  const ends = Array.from({ length: option.length - 2 }, (_, at) => option.slice(at + 2))
  return ends.some((end) => isSecret(absolute(end, options).slice(options.home.length + 1)))
    ? ['secrets']
    : []
}

/** Of what is read with all that is in it. */
function holdsSecrets(folder: string, { real, list, home }: JudgeOptions): boolean {
  const start = real(folder) ?? folder
  // What lies elsewhere is asked about anyway.
  if (!isBelow(start, home)) return false
  const folders = [start]
  let left = MOST_LOOKED_AT
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    const entries = list(at)
    if (entries === null) return true
    left -= entries.length
    if (left < 0) return true
    for (const { name, isFolder } of entries) {
      if (isSecret(`${at}/${name}`.slice(home.length + 1))) return true
      if (isFolder) folders.push(`${at}/${name}`)
    }
  }
  return false
}

/** With its `..` where they are: what they lead to, links decide. */
function unresolved(text: string, { home, folder }: JudgeOptions): string {
  if (/^~(?=\/|$)/.test(text)) return home + text.slice(1)
  // Another person's home.
  if (text.startsWith('~')) return `/home/${text.slice(1)}`
  return text.startsWith('/') ? text : `${folder}/${text}`
}

const absolute = (text: string, options: JudgeOptions) => posix.resolve(unresolved(text, options))

const isBelow = (path: string, home: string) => path === home || path.startsWith(`${home}/`)
