/** How somebody likes their lists, in this browser. */
import * as z from 'zod/mini'
import { createStore } from '../../../shell/store.ts'
import { USUAL_ORDER } from './order.ts'

const settings = z.object({
  order: z.object({ by: z.enum(['name', 'size', 'modified', 'kind']), isDescending: z.boolean() }),
  isHiddenShown: z.boolean(),
})
export type Settings = z.infer<typeof settings>

const KEY = 'mos-files'
const USUAL: Settings = { order: USUAL_ORDER, isHiddenShown: false }

function kept(): Settings {
  try {
    return z.parse(settings, JSON.parse(localStorage.getItem(KEY) ?? 'null'))
  } catch {
    return USUAL
  }
}

export const listSettings = createStore<Settings>(kept())
listSettings.watch(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(listSettings.get()))
  } catch {
    // A browser that keeps nothing shows the usual list next time.
  }
})
