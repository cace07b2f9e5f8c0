/** What may be pasted, and when to ask first. */

/** Characters that a paste could use to leave the brackets that a program puts around it, or to act by itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g

export const withoutControls = (text: string): string => text.replace(CONTROLS, '')

/** The lines that would run at once; a program that asked for brackets runs none before it is told to. */
export function linesToConfirm(text: string, isBracketed: boolean): number {
  const lines = text.trimEnd().split(/\r\n|\r|\n/)
  return isBracketed || (lines.length === 1 && !/[\r\n]/.test(text)) ? 0 : lines.length
}
