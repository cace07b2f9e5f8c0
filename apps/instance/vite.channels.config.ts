/** Bundles the process that talks to channels' services, with their libraries, into one file: `dist/channels.mjs`. */
import { plainBuiltIns } from '@matrixos/host/plain-built-ins'
import { defineConfig } from 'vite'

/** Not as the server's: what is pure by its name there is not in these libraries. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [plainBuiltIns],
  ssr: { noExternal: true },
  build: {
    ssr: 'src/channels/services/host-main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node24',
    minify: true,
    reportCompressedSize: false,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/shared/src/') },
      output: { entryFileNames: 'channels.mjs', codeSplitting: false },
    },
  },
})
