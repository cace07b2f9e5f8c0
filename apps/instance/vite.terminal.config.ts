/** Bundles the process of the terminals into one file beside the server's: `dist/terminal.mjs`. */
import { createRequire } from 'node:module'
import { defineConfig, mergeConfig } from 'vite'
import server from './vite.server.config.ts'

const { resolve } = createRequire(import.meta.url)
/** Each has a form for browsers, which does not say what Node finds there. */
const FOR_NODE = ['@xterm/headless', '@xterm/addon-serialize', '@xterm/addon-unicode11']

export default mergeConfig(
  server,
  defineConfig({
    resolve: { alias: Object.fromEntries(FOR_NODE.map((name) => [name, resolve(name)])) },
    // It finds its own binary by the machine that it runs on.
    ssr: { external: ['@lydell/node-pty'] },
    build: {
      ssr: 'src/terminal/host-main.ts',
      rolldownOptions: { output: { entryFileNames: 'terminal.mjs', codeSplitting: false } },
    },
  }),
)
