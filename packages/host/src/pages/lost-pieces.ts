/** For Vite: the page asks once more for a script or a style that was lost on the way. */
import { readFileSync } from 'node:fs'

const PATH = 'reload.js'

interface Output {
  emitFile: (file: { type: 'asset'; fileName: string; source: string }) => string
}

/** Adds a script to each page, before all others and outside of the bundle, which could itself be lost. */
export const lostPieces = () => ({
  name: 'lost-pieces',
  apply: 'build' as const,
  transformIndexHtml: () => [
    { tag: 'script', attrs: { src: `/${PATH}` }, injectTo: 'head-prepend' as const },
  ],
  generateBundle(this: Output) {
    const source = readFileSync(new URL(PATH, import.meta.url), 'utf8')
    this.emitFile({ type: 'asset', fileName: PATH, source })
  },
})
