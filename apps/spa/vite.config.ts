/** Builds the pages into `dist/`. */

import { join } from 'node:path'
import { compressedCopies } from '@matrixos/host/pages/compressed-copies'
import { lostPieces } from '@matrixos/host/pages/lost-pieces'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { prerenderLanding } from './prerender.ts'

/**
 * sonner adds its styles as an inline element when it is imported, which the Content-Security-Policy refuses.
 * The same styles come from its CSS file instead (see `src/ui/toaster.tsx`).
 */
function withoutInlineToastStyles(): Plugin {
  const call = /^__insertCSS\(".*"\);?$/m
  return {
    name: 'without-inline-toast-styles',
    transform(code, id) {
      if (!id.includes('/sonner/dist/index.mjs')) return null
      if (!call.test(code)) throw new Error('sonner no longer adds its styles the way this plugin expects.')
      return { code: code.replace(call, ''), map: null }
    },
  }
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    tailwindcss(),
    withoutInlineToastStyles(),
    prerenderLanding(),
    lostPieces(),
    compressedCopies(),
  ],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    // Data URLs for scripts and styles would need a weaker policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        landing: join(import.meta.dirname, 'landing.html'),
      },
      // The vocabulary's schemas have no side effects: those that no page uses are left out, and zod with them.
      treeshake: {
        moduleSideEffects: (id) => !id.includes('/packages/shared/src/'),
        manualPureFunctions: ['z'],
      },
    },
  },
})
