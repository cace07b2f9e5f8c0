/** What the shell keeps in the home, without the schemas: for the page, which needs none. */
import type { ShellState } from './protocol.ts'

export type { About, Look, ShellChange, ShellState } from './protocol.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export const WALLPAPERS = ['glyph', 'dots', 'plain'] as const

/** What is kept at most: so many windows, and of each what it shows in so many characters of JSON. */
export const MOST_WINDOWS = 40
export const LONGEST_TARGET = 8_000

export const NEW_SHELL: ShellState = {
  look: { theme: 'system', hue: 161, wallpaper: 'glyph' },
  windows: [],
  hasStarted: false,
}
