/** Counts up whenever something in the home may have changed: a command ran, a file was saved. */
import { createStore } from './store.ts'

export const homeChanges = createStore(0)
export const homeMayHaveChanged = (): void => homeChanges.update((count) => count + 1)
