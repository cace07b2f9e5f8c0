/** The look that its owner chose: put on the page, and kept in this browser so that the next load begins with it. */
import { type Look, NEW_SHELL } from '../../src/shell/look.ts'
import { remember } from './remember.ts'
import { createStore } from './store.ts'

/** Read by `public/theme.js` before the page is drawn. */
const KEY = 'mos-look'
const PAPER = { light: '#f8f7f3', dark: '#0e1311' }

export const look = createStore<Look>(NEW_SHELL.look)

export const changeLook = (values: Partial<Look>): void => look.update((now) => ({ ...now, ...values }))

export function startLook(): void {
  apply(look.get())
  look.watch(() => apply(look.get()))
}

function apply(chosen: Look): void {
  const { dataset, style } = document.documentElement
  dataset.theme = chosen.theme
  style.setProperty('--hue', String(chosen.hue))
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = PAPER[chosen.theme === 'system' ? own : chosen.theme]
  }
  remember(KEY, { theme: chosen.theme, hue: chosen.hue })
}
