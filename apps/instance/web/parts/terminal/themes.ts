/** Colours of terminals. Black glass in all of them: only what is lit differs. */
import type { ITheme } from '@xterm/xterm'

const BRIGHT = {
  black: '#27302c',
  red: '#ff8f80',
  green: '#5fd896',
  yellow: '#e8c46a',
  blue: '#7fb2ff',
  magenta: '#d59bff',
  cyan: '#63d4d4',
  white: '#d6ddd8',
  brightBlack: '#7d8a83',
  brightRed: '#ffb0a4',
  brightGreen: '#8af0b5',
  brightYellow: '#f6dc98',
  brightBlue: '#a9ccff',
  brightMagenta: '#e6c1ff',
  brightCyan: '#98ecec',
  brightWhite: '#f6faf7',
} as const

const AMBER = {
  ...BRIGHT,
  black: '#2a2013',
  green: '#e0a94a',
  cyan: '#ffcf7d',
  blue: '#c8a16a',
  white: '#f2d9ae',
  brightBlack: '#94805c',
  brightGreen: '#ffc766',
} as const

export const THEMES = {
  glass: {
    title: 'Glass',
    colours: { ...BRIGHT, background: '#0f1714', foreground: '#dfe6e1', cursor: '#55dd88' },
  },
  amber: {
    title: 'Amber',
    colours: { ...AMBER, background: '#130e07', foreground: '#f2d9ae', cursor: '#ffb02e' },
  },
  contrast: {
    title: 'High contrast',
    colours: {
      ...BRIGHT,
      background: '#000000',
      foreground: '#ffffff',
      cursor: '#ffffff',
      brightBlack: '#b0b0b0',
    },
  },
} as const

export type ThemeName = keyof typeof THEMES
export const isThemeName = (name: string): name is ThemeName => Object.hasOwn(THEMES, name)

export const themeOf = (name: ThemeName): ITheme => ({
  ...THEMES[name].colours,
  cursorAccent: THEMES[name].colours.background,
  selectionBackground: '#3f6b5480',
  scrollbarSliderBackground: '#ffffff2e',
  scrollbarSliderHoverBackground: '#ffffff4d',
  scrollbarSliderActiveBackground: '#ffffff66',
})
