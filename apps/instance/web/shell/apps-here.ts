/** The apps of this computer, for the desk and the palette; `null` until they are known. `parts/apps` fills it in. */
import type { AppEntry } from '../../src/apps/protocol.ts'
import { createStore } from './store.ts'

export const appsHere = createStore<readonly AppEntry[] | null>(null)
