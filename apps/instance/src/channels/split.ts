/** Cuts an answer into messages of a service's length, at the end of a paragraph, a line or a word where there is one. */

const FENCE = /^\s*```/

/** Whether a cut there would be inside a block of code. */
const isInCode = (text: string): boolean =>
  text.split('\n').filter((line) => FENCE.test(line)).length % 2 === 1

const CLOSE = '\n```'
const OPEN = '```\n'

function cutAt(text: string, most: number): number {
  const least = Math.floor(most / 2)
  for (const mark of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(mark, most)
    if (at >= least) return at
  }
  // Between the halves of one character there is no place to cut.
  const code = text.charCodeAt(most - 1)
  return code >= 0xd800 && code < 0xdc00 ? most - 1 : most
}

/** Of at most `most` characters each; blocks of code that are cut are closed, and opened again. */
export function split(answer: string, most: number): string[] {
  const parts: string[] = []
  let rest = answer.trim()
  while (rest.length > most) {
    const at = cutAt(rest, most - CLOSE.length)
    const part = rest.slice(0, at).trimEnd()
    const isOpen = isInCode(part)
    parts.push(isOpen ? part + CLOSE : part)
    rest = (isOpen ? OPEN : '') + rest.slice(at).replace(isOpen ? /^\n/ : /^\s+/, '')
  }
  return rest ? [...parts, rest] : parts
}
