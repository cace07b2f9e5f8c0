/** Claiming one person's own computer, as its operator does: with the code that its log shows. */
import type { Stack } from './stack.ts'

const CODE = /enter: ((?:[0-9a-z]{4}-){5}[0-9a-z]{4})/g

/** The one that was printed last. */
export function claimCode(stack: Pick<Stack, 'log'>): string {
  const code = [...stack.log().matchAll(CODE)].at(-1)?.[1]
  if (!code) throw new Error('No code was printed.')
  return code
}

export const codesPrinted = (stack: Pick<Stack, 'log'>): number => [...stack.log().matchAll(CODE)].length
