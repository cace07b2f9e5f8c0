/** How much waits in a part, by its id: the dock shows it, with or without a window. */
import { createStore } from '../store.ts'

export const badges = createStore<Readonly<Record<string, number>>>({})
