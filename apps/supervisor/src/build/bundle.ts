/**
 * Bundles the platform's programs: `node bundle.ts`. Run from their sources, each would keep the type stripper and some
 * thousand modules in memory, and take seconds to start; from a bundle the api takes a third of that.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { httpAlone } from '@matrixos/host/http-alone'
import { ROOT } from '@matrixos/host/root'
import { build, type Plugin } from 'vite'
import { BUNDLE_FOLDER, entriesByApp } from './programs.ts'

/** What is native, brings files of its own, or is only loaded where it is needed. */
const EXTERNAL = [
  '@electric-sql/pglite',
  '@node-rs/argon2',
  'bufferutil',
  'nodemailer',
  'pg-boss',
  'pino',
  'sharp',
  'utf-8-validate',
]

/**
 * Node keeps a program's whole text, at two bytes a character if any of them is not ASCII. In a string, a template or a pattern the escape
 * means the same.
 */
const asAscii: Plugin = {
  name: 'ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escapeOf)
  },
}

const escapeOf = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** What the engine's client loads for engines reached by SSH and for BuildKit's sessions: 10 MB, and the platform uses neither. */
const UNUSED = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']

const withoutUnused: Plugin = {
  name: 'without-unused',
  enforce: 'pre',
  resolveId: (id) => (UNUSED.includes(id) ? `\0unused:${id}` : null),
  load: (id) => (id.startsWith('\0unused:') ? 'export default {}' : null),
}

/** Each by itself: what two programs have in common would be one file, and each would load what only the other needs. */
async function bundle(app: string, name: string, source: string): Promise<void> {
  const root = join(ROOT, app)
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [withoutUnused, httpAlone, asAscii],
    ssr: { noExternal: true, external: EXTERNAL },
    build: {
      ssr: true,
      outDir: BUNDLE_FOLDER,
      emptyOutDir: false,
      target: 'node24',
      // Stack traces name functions and lines as people read them.
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { [name]: join(root, source) },
        output: {
          comments: false,
          entryFileNames: '[name].mjs',
          chunkFileNames: `${name}-[name]-[hash].mjs`,
        },
        // Neither the vocabulary's schemas have side effects nor what is not bundled: a program gets what it uses.
        treeshake: {
          moduleSideEffects: (id, isExternal) => !isExternal && !id.includes('/packages/shared/src/'),
          manualPureFunctions: ['z'],
        },
      },
    },
  })
}

if (import.meta.main)
  for (const [app, entries] of entriesByApp()) {
    await rm(join(ROOT, app, BUNDLE_FOLDER), { recursive: true, force: true })
    for (const [name, source] of Object.entries(entries)) await bundle(app, name, source)
  }
