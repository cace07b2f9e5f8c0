/**
 * The address of a drawing (SVG), which comes as text, because as a page of its own it could run scripts. In a picture it
 * cannot, and loads nothing; and as an address that holds all of it, it belongs to no origin even in a tab of its own.
 */
export const drawingAddress = (text: string): string =>
  `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`

/** Larger ones are not drawn. */
export const DRAWN_AT_MOST = 2 * 1024 * 1024
