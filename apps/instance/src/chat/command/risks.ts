/** What somebody is asked before a tool goes on, in words. */
import type { Risk } from '../log/entry.ts'

const WORDS: Record<Risk, string> = {
  deletes: 'can delete or replace files',
  leaves: 'reaches outside your home',
  network: 'uses the network',
  secrets: 'touches keys or tokens',
  settings: 'changes how this computer behaves',
  runs: 'runs a program, and I can’t tell beforehand all that it does',
}

/** A sentence. */
export function inWords(risks: readonly Risk[]): string {
  const words = risks.map((risk) => WORDS[risk])
  const last = words.pop()
  return `This ${words.length > 0 ? `${words.join(', ')} and ` : ''}${last}.`
}
