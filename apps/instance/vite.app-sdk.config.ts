/** Bundles the script that apps load, `dist/app-sdk/sdk.js`: to be read by people, so it is not minified. */
import { defineConfig } from 'vite'
import { BANNER } from './app-sdk/banner.ts'

export default defineConfig({
  root: import.meta.dirname,
  publicDir: `${import.meta.dirname}/app-sdk/static`,
  build: {
    outDir: 'dist/app-sdk',
    emptyOutDir: true,
    target: 'es2022',
    minify: false,
    reportCompressedSize: false,
    lib: { entry: 'app-sdk/index.ts', formats: ['iife'], name: 'mosApp', fileName: () => 'sdk.js' },
    rolldownOptions: { output: { postBanner: BANNER } },
  },
})
