/** What keys mean wherever a message is written. */
import type { KeyboardEvent } from 'react'

/** On a phone, Enter makes a new line, as everywhere there; so does Enter that ends a word of an input method. */
export const isToSend = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' &&
  !event.shiftKey &&
  !event.nativeEvent.isComposing &&
  (event.metaKey || event.ctrlKey || matchMedia('(pointer: fine)').matches)
