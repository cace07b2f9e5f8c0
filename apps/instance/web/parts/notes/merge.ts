/** Merges two changes of one text that touch different places. */

interface Change {
  start: number
  end: number
  insert: string
}

/** The one stretch in which two texts differ. */
function changeOf(from: string, to: string): Change {
  const most = Math.min(from.length, to.length)
  let start = 0
  while (start < most && from[start] === to[start]) start++
  let tail = 0
  while (tail < most - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++
  return { start, end: from.length - tail, insert: to.slice(start, to.length - tail) }
}

/** `null` when both changed the same place, so that a person has to choose. */
export function merge(base: string, mine: string, theirs: string): string | null {
  if (mine === theirs || theirs === base) return mine
  if (mine === base) return theirs
  const [a, b] = [changeOf(base, mine), changeOf(base, theirs)]
  if (a.end >= b.start && b.end >= a.start) return null
  const [first, second] = a.start < b.start ? [a, b] : [b, a]
  return (
    base.slice(0, first.start) +
    first.insert +
    base.slice(first.end, second.start) +
    second.insert +
    base.slice(second.end)
  )
}

/** Where a caret belongs after its text was replaced from outside. */
export function moveCaret(caret: number, from: string, to: string): number {
  const change = changeOf(from, to)
  if (caret <= change.start) return caret
  if (caret >= change.end) return caret + to.length - from.length
  return Math.min(caret, change.start + change.insert.length)
}
