/** `npm start`: brings dependencies and Node 24, then starts the platform. */
import { runOnNode24 } from './bootstrap.mjs'

runOnNode24('apps/supervisor/src/main.ts', process.argv.slice(2), { ipc: true })
