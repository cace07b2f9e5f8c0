/** Words with `*`, `?` or `[`: what they come to is known only when they run. */
import type { Risk } from '../log/entry.ts'
import { minds, risksOf } from './programs.ts'
import type { Word } from './words.ts'

/** A part of a path: it may be `..`, or what is hidden. */
const HIDDEN = /(^|\/)\.[^/]*[*?[]/
/** The name of a file could be one of an option. */
const FIRST = /^[-*?[]/

export function patternRisks(program: string, args: readonly Word[]): Risk[] {
  const patterns = args.filter(({ isPattern }) => isPattern)
  if (patterns.some(({ text }) => HIDDEN.test(text))) return ['runs']
  if (patterns.length === 0 || !minds(program)) return []
  const plain = args.findIndex(({ text }) => text === '--')
  const isOption = args.some(
    ({ isPattern, text }, at) => isPattern && FIRST.test(text) && (plain < 0 || at < plain),
  )
  const many = patterns.flatMap(({ text }) => [text, text])
  const others = args.filter(({ isPattern }) => !isPattern).map(({ text }) => text)
  return [...(isOption ? (['runs'] as const) : []), ...risksOf(program, [...others, ...many])]
}

/** Whether a pattern could be the name of that file. */
export function fits(pattern: string, path: string): boolean {
  const [parts, names] = [pattern.split('/'), path.split('/')]
  return (
    parts.length === names.length &&
    parts.every((part, at) => {
      const wanted = part
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replace(/\[[^\]]+\]|\?/g, '.')
        .replaceAll('*', '.*')
      return new RegExp(`^${wanted.replaceAll('[', '\\[').replaceAll(']', '\\]')}$`).test(names[at] ?? '')
    })
  )
}
