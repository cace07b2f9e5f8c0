/**
 * Keeps a page's terminal from answering what programs ask of it: the computer itself answers, once, however many pages
 * look. And a program does not change the colours of the glass.
 */
import type { Terminal } from '@xterm/xterm'

const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
] as const
const COLOURS = [4, 10, 11, 12, 104, 110, 111, 112]

export function silence({ parser }: Terminal): void {
  for (const question of QUESTIONS) parser.registerCsiHandler(question, () => true)
  for (const number of COLOURS) parser.registerOscHandler(number, () => true)
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true)
}
