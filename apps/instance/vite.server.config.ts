/**
 * Bundles the server into files that need no node_modules: `dist/server.mjs` is what answers `/health`, and is read at a
 * start; the rest is in `server-….mjs` beside it, each read when it is first used.
 */
import { httpAlone } from '@matrixos/host/http-alone'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [httpAlone],
  ssr: { noExternal: true, external: ['bufferutil', 'utf-8-validate'] },
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node24',
    minify: true,
    reportCompressedSize: false,
    rolldownOptions: {
      // The vocabulary's schemas have no side effects: those not used here are left out, and all of zod's but mini.
      treeshake: {
        moduleSideEffects: (id) => !id.includes('/packages/shared/src/'),
        manualPureFunctions: ['z'],
      },
      output: { entryFileNames: 'server.mjs', chunkFileNames: 'server-[name]-[hash].mjs' },
    },
  },
})
