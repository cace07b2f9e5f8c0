/** How terminals look in this browser. */
import * as z from 'zod/mini'
import { createStore } from '../../shell/store.ts'
import { isThemeName, type ThemeName } from './themes.ts'

export interface Settings {
  /** CSS pixels. */
  fontSize: number
  theme: ThemeName
  /** Lines are read out as they come. */
  isScreenReader: boolean
}

export const SMALLEST_FONT = 9
export const LARGEST_FONT = 28
const KEY = 'mos-terminal'

const schema = z.object({
  fontSize: z.number().check(z.minimum(SMALLEST_FONT), z.maximum(LARGEST_FONT)),
  theme: z.custom<ThemeName>((value) => typeof value === 'string' && isThemeName(value)),
  isScreenReader: z.boolean(),
})

function read(): Settings {
  const usual: Settings = { fontSize: 14, theme: 'glass', isScreenReader: false }
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
  } catch {
    return usual
  }
}

export const settings = createStore<Settings>(read())

export function changeSettings(values: Partial<Settings>): void {
  settings.update((now) => ({ ...now, ...values }))
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.get()))
  } catch {
    // A browser that keeps nothing shows it until the page is left.
  }
}
