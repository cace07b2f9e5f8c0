/** What the shell keeps in the home, without the schemas: for the page, which needs none. */
import type { ShellState } from './protocol.ts'

export type { About, Look, ShellChange, ShellState } from './protocol.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export const WALLPAPERS = ['glyph', 'dots', 'plain'] as const

export const NEW_SHELL: ShellState = {
  look: { theme: 'system', hue: 161, wallpaper: 'glyph' },
  windows: [],
  hasStarted: false,
}
