/** Texts of several lines that people show each other: what they may hold, and what in them is more than words. */
import { z } from 'zod'
import { HEAPED_MARKS, LEAVE_OUT } from '../display-name.ts'

/** Control characters but line ends and tabs, and the marks that turn the direction of the text around them. */
const FORBIDDEN = /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u

export const isPlainText = (text: string): boolean => !FORBIDDEN.test(text) && !HEAPED_MARKS.test(text)
/** What whoever typed another is told. */
export const NO_CONTROLS = { error: LEAVE_OUT }

/** Of one text: more would only be noise in others' mentions. */
export const MOST_MENTIONS = 10

/** A handle with its `@`, or that of its AI (`@ada_ai`); or an address. Neither in the middle of a word. */
const SPECIAL =
  /(?<![\w@/.-])@(?<handle>[a-z][a-z0-9-]{1,30}[a-z0-9])(?:_ai)?(?![\w@-])|(?<![\w@])(?<url>https?:\/\/[^\s<>"]{1,500}[^\s<>"'.,;:!?)\]}])/giu

export type TextPart =
  | { kind: 'words'; text: string }
  | { kind: 'mention'; text: string; handle: string }
  | { kind: 'link'; text: string; url: string }

const isUrl = (text: string): boolean => z.url().safeParse(text).success

/** The text in pieces, in order; together they are the whole of it. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(SPECIAL)) {
    const { handle, url } = match.groups ?? {}
    if (url !== undefined && !isUrl(url)) continue
    if (match.index > at) parts.push({ kind: 'words', text: text.slice(at, match.index) })
    if (handle) parts.push({ kind: 'mention', text: match[0], handle: handle.toLowerCase() })
    else if (url) parts.push({ kind: 'link', text: match[0], url })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ kind: 'words', text: text.slice(at) })
  return parts
}

/** The handles that a text mentions, each once, the first few of them. */
export function mentionsIn(text: string): string[] {
  const handles = textParts(text).flatMap((part) => (part.kind === 'mention' ? [part.handle] : []))
  return [...new Set(handles)].slice(0, MOST_MENTIONS)
}
