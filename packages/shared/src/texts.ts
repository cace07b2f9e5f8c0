/** Messages that several parts use, so that each is worded once. A part's own are in its `texts.ts`. */

export const NOTHING_HERE = 'There is nothing at this address.'
export const FILES_SAFE = 'Your files are safe.'
export const HANDLE_RESERVED = 'This handle is reserved. Choose another.'
export const WILL_RECONNECT = 'We’ll reconnect automatically.'
