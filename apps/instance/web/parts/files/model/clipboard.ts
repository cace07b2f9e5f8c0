/** Files that were copied or cut: for every window of this page. The system's own clipboard is for text. */
import { createStore } from '../../../shell/store.ts'

export interface Clipboard {
  paths: readonly string[]
  isCut: boolean
}

export const clipboard = createStore<Clipboard>({ paths: [], isCut: false })
