/**
 * Bundles the server into files that need no node_modules: `dist/server.mjs` is what answers `/health`, and is read at a
 * start; the rest is in `server-….mjs` beside it, each read when it is first used.
 */
import { plainBuiltIns } from '@matrixos/host/plain-built-ins'
import { defineConfig, type Plugin } from 'vite'

/** The library of WebSockets also connects to others, which nothing here does: what it needs for that is loaded if it does. */
const whenConnecting: Plugin = {
  name: 'when-connecting',
  enforce: 'pre',
  resolveId: (id, importer) =>
    ['https', 'tls'].includes(id) && importer?.includes('/node_modules/ws/') ? `\0later:${id}` : null,
  load: (id) =>
    id.startsWith('\0later:')
      ? `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('${id.slice(7)}')[name] })`
      : null,
}

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [plainBuiltIns, whenConnecting],
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
