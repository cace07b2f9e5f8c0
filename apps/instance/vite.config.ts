/** Builds the shell's page into `dist/web`. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lostPieces } from '@matrixos/host/pages/lost-pieces'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { strictStyles } from './strict-styles.ts'

/** What scanned pages are compressed with. WebAssembly would need a weaker policy: these are the same in plain script. */
const DECODERS = ['jbig2_nowasm_fallback.js', 'openjpeg_nowasm_fallback.js']

/** pdf.js asks for them by name when a file needs one: see `parts/preview/pdf/open.ts`. */
function pdfDecoders(): Plugin {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json'))), 'wasm')
  const { version } = JSON.parse(readFileSync(join(folder, '../package.json'), 'utf8'))
  return {
    name: 'pdf-decoders',
    generateBundle() {
      for (const name of DECODERS)
        this.emitFile({
          type: 'asset',
          fileName: `assets/pdf-${version}/${name}`,
          source: readFileSync(join(folder, name)),
        })
    },
  }
}

export default defineConfig({
  root: `${import.meta.dirname}/web`,
  base: '/',
  plugins: [react(), strictStyles(), pdfDecoders(), lostPieces()],
  // Module workers, as the page's scripts are modules.
  worker: { format: 'es' },
  build: {
    outDir: `${import.meta.dirname}/dist/web`,
    emptyOutDir: true,
    target: 'es2022',
    // Data URLs and inline scripts would need a weaker policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // The vocabulary's schemas have no side effects: the page uses none, and so goes without zod.
      treeshake: {
        moduleSideEffects: (id) => !id.includes('/packages/shared/src/'),
        manualPureFunctions: ['z'],
      },
    },
  },
})
