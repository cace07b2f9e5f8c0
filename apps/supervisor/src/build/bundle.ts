/**
 * Bundles the platform's programs: `node bundle.ts`. Run from their sources, each would keep the type stripper and some
 * thousand modules in memory, and take seconds to start; from a bundle the api takes a third of that.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { plainBuiltIns } from '@matrixos/host/plain-built-ins'
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

/** What packages load at once and the platform never uses: of some megabytes in each program. */
const UNUSED: readonly { what: RegExp; from?: RegExp }[] = [
  // Of the engine's client: engines reached by SSH, and BuildKit's sessions.
  { what: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/ },
  // Of the client for HTTP: what is for tests, WebSockets, proxies and caches.
  {
    what: /^\.\/lib\/(mock|interceptor|cache|web\/(websocket|eventsource)|dispatcher\/(.*-proxy-agent|proxy-agent|retry-agent|h2c-client|balanced-pool|round-robin-pool)$)/,
    from: /\/undici\/index\.js$/,
  },
  // Of the counters of attempts: all other databases.
  {
    what: /^\.\/lib\/(RateLimiter(Redis|Mongo|MySQL|Postgres|Cluster|Memcache|Dynamo|Prisma|DrizzleNon|Valkey|SQLite|Etcd|Queue)|Bursty)/,
    from: /\/rate-limiter-flexible\/index\.js$/,
  },
]

const isUnused = (id: string, importer = ''): boolean =>
  UNUSED.some(({ what, from }) => what.test(id) && (from === undefined || from.test(importer)))

const withoutUnused: Plugin = {
  name: 'without-unused',
  enforce: 'pre',
  resolveId: (id, importer) => (isUnused(id, importer) ? `\0unused:${id}` : null),
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
    plugins: [withoutUnused, plainBuiltIns, asAscii],
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
