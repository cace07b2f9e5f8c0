/** Builds the shell's page into `dist/web`. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: `${import.meta.dirname}/web`,
  base: '/',
  plugins: [react()],
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
