/** Words with `*`, `?` or `[`: what they come to is known only when they run. */
import type { Risk } from '../log/entry.ts'
import type { Disk } from './disk.ts'
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

const GLOB = /[*?[]/
/** More than that is not looked through. */
const MOST_FOUND = 1_000

/** What is there now that a pattern stands for; `null`: too much to tell. `path`: absolute. */
export function expand(path: string, { list }: Pick<Disk, 'list'>): string[] | null {
  let found = ['']
  for (const part of path.split('/').slice(1)) {
    const next: string[] = []
    for (const folder of found) {
      const entries = GLOB.test(part) ? list(folder || '/') : [{ name: part }]
      if (entries === null) return null
      for (const { name } of entries) if (name === part || isLike(name, part)) next.push(`${folder}/${name}`)
      if (next.length > MOST_FOUND) return null
    }
    found = next
  }
  return found
}

/**
 * Whether a pattern could stand for a name; rather too often than too seldom: where brackets begin, anything may follow.
 * In steps of no more than the one's length times the other's, whatever they are.
 */
function isLike(name: string, part: string): boolean {
  const pattern = part.replace(/\[.*$/s, '*')
  let [at, to] = [0, 0]
  /** The last star, and where what follows it was tried. */
  let [star, tried] = [-1, 0]
  while (at < name.length) {
    if (pattern[to] === '*') [star, tried, to] = [to, at, to + 1]
    else if (pattern[to] === '?' || pattern[to] === name[at]) [at, to] = [at + 1, to + 1]
    else if (star >= 0) [at, to, tried] = [tried + 1, star + 1, tried + 1]
    else return false
  }
  return /^\**$/.test(pattern.slice(to))
}
