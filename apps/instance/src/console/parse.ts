/** Splits a line into words as shells do: blanks, quotes, backslashes, and one redirection at the end. */
import { PlainError } from '../files/plain-words.ts'

export interface ParsedLine {
  words: string[]
  redirect: { to: string; append: boolean } | null
}

const TOKEN = /\s+|(>>?)|([|;&<])|((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\|;&<>])+)|(.)/gsu
const PIECE = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^"'\\]+)/gsu

/** Throws a PlainError for an open quote and for what this console does not have. */
export function parseLine(line: string): ParsedLine {
  const words: string[] = []
  let redirect: ParsedLine['redirect'] = null
  let arrow: string | null = null
  for (const [, toFile, operator, word, rest] of line.matchAll(TOKEN)) {
    if (operator)
      throw new PlainError(
        `I run one command at a time, without ${operator}. Put it in quotes to use it literally.`,
      )
    if (rest) throw new PlainError('A quote is not closed.')
    if (toFile && (arrow || redirect)) throw new PlainError('I can only follow one >.')
    if (toFile) arrow = toFile
    if (!word) continue
    if (redirect) throw new PlainError('Nothing can follow the file name after >.')
    if (arrow) redirect = { to: unquote(word), append: arrow === '>>' }
    else words.push(unquote(word))
  }
  if (arrow && !redirect) throw new PlainError('Which file? Write its name after the >.')
  return { words, redirect }
}

const unquote = (word: string) =>
  word.replace(PIECE, (_, double, single, escaped, plain) =>
    double !== undefined ? double.replace(/\\(["\\])/g, '$1') : (single ?? escaped ?? plain),
  )
