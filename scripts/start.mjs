/** `npm start`: brings dependencies and Node 24, then starts the platform. */
import { runOnNode24 } from './bootstrap.mjs'

// Those of the platform's other programs, too: apps/supervisor/src/part-list.ts says why.
const flags = ['--max-semi-space-size=1', '--initial-old-space-size=16', '--optimize-for-size']

runOnNode24('apps/supervisor/bundle/main.mjs', process.argv.slice(2), {
  ipc: true,
  flags,
  before: 'apps/supervisor/src/build/main.ts',
})
