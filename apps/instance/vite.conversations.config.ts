/** Bundles the process of the Matrix client into one file, and its cryptography beside it: `dist/conversations.mjs`. */
import { join } from 'node:path'
import { plainBuiltIns } from '@matrixos/host/plain-built-ins'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [plainBuiltIns],
  ssr: { noExternal: true },
  resolve: {
    alias: { 'better-sqlite3': join(import.meta.dirname, 'src/conversations/client/sqlite.ts') },
  },
  build: {
    ssr: 'src/conversations/client/host-main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node24',
    minify: true,
    reportCompressedSize: false,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/shared/src/') },
      output: { entryFileNames: 'conversations.mjs', codeSplitting: false },
    },
  },
})
