/** Bundles a program that is a process of its own into one file, with the libraries that it alone loads: `dist/NAME.mjs`. */
import { plainBuiltIns } from '@matrixos/host/plain-built-ins'
import type { UserConfig } from 'vite'

export interface OwnProcessOptions {
  name: string
  /** Below `src`. */
  entry: string
  /** Modules that others stand in for. */
  alias?: Record<string, string>
}

/** Not as the server's: what is pure by its name there is not in these libraries. */
export const ownProcess = ({ name, entry, alias = {} }: OwnProcessOptions): UserConfig => ({
  root: import.meta.dirname,
  publicDir: false,
  plugins: [plainBuiltIns],
  ssr: { noExternal: true },
  resolve: { alias },
  build: {
    ssr: `src/${entry}`,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node24',
    minify: true,
    reportCompressedSize: false,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/shared/src/') },
      output: { entryFileNames: `${name}.mjs`, codeSplitting: false },
    },
  },
})
