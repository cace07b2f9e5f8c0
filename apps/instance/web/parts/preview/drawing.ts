import { drawnElements, ELEMENTS_AT_MOST } from './drawn-elements.ts'

/**
 * The address of a drawing (SVG), which comes as text, because as a page of its own it could run scripts. In a picture it
 * cannot, and loads nothing; and as an address that holds all of it, it belongs to no origin even in a tab of its own.
 */
export const drawingAddress = (text: string): string =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`

/** Event handlers: a parsed document runs none, but the page's policy reports each of them. */
const HANDLERS = /(\s)on(?=[\w-]+\s*=)/gi

/** Whether a browser would be busy with it for good. Parsed for that, it is no page either: nothing of it loads or runs. */
export function isTooMuchToDraw(text: string): boolean {
  const parsed = new DOMParser().parseFromString(text.replace(HANDLERS, '$1off'), 'image/svg+xml')
  return drawnElements(parsed.documentElement) > ELEMENTS_AT_MOST
}

/** Larger ones are not drawn. */
export const DRAWN_AT_MOST = 2 * 1024 * 1024
