/** Whether the palette is shown. */
import { createStore } from '../store.ts'

export const palette = createStore(false)
