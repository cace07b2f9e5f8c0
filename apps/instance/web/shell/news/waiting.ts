/** Something that waits for the person in a part, with or without a window: the part says what it is. */
import { createStore } from '../store.ts'

export interface Waiting {
  part: string
  words: string
}

export const waiting = createStore<Waiting | null>(null)
