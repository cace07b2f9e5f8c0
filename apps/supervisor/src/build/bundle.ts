/**
 * Bundles the platform's programs: `node bundle.ts`. Run from their sources, each would keep the type stripper and some
 * thousand modules in memory, and take seconds to start; from a bundle the api takes a third of that.
 */
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { build } from 'vite'
import { BUNDLE_FOLDER, entriesByApp } from './programs.ts'

/** What is native, brings files of its own, or is only loaded where it is needed. */
const EXTERNAL = [
  '@electric-sql/pglite',
  '@node-rs/argon2',
  'bufferutil',
  'dockerode',
  'nodemailer',
  'pg-boss',
  'pino',
  'sharp',
  'utf-8-validate',
]

async function bundle(app: string, entries: Record<string, string>): Promise<void> {
  const root = join(ROOT, app)
  const input = Object.fromEntries(
    Object.entries(entries).map(([name, source]) => [name, join(root, source)]),
  )
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      outDir: BUNDLE_FOLDER,
      emptyOutDir: true,
      target: 'node24',
      // Stack traces name functions and lines as people read them.
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
        // The vocabulary's schemas have no side effects: a program gets those that it uses.
        treeshake: {
          moduleSideEffects: (id) => !id.includes('/packages/shared/src/'),
          manualPureFunctions: ['z'],
        },
      },
    },
  })
}

if (import.meta.main) await Promise.all([...entriesByApp()].map(([app, entries]) => bundle(app, entries)))
